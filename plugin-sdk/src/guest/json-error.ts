/**
 * Where a text stops being JSON (RFC 8259). The engine's own message leaves the place out in some cases, so the text
 * is scanned again, which only a refused request pays for.
 *
 * @returns the offset from 0, or undefined when the text is JSON
 */
export function jsonErrorPosition(text: string): number | undefined {
  const token =
    /[\s]*(?:("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null)|([[\]{},:]))/y;
  const open: ('[' | '{')[] = [];
  let expects: 'value' | 'valueOrEnd' | 'key' | 'keyOrEnd' | 'colon' | 'comma' | 'end' = 'value';
  for (let at = 0; ;) {
    token.lastIndex = at;
    const found = token.exec(text);
    const rest = /\s*/y;
    rest.lastIndex = at;
    rest.exec(text);
    const start = rest.lastIndex;
    if (found === null) return expects === 'end' && start === text.length ? undefined : start;
    const [, string, , , mark] = found;
    at = token.lastIndex;
    const wantsValue = expects === 'value' || expects === 'valueOrEnd';
    const close = mark === ']' ? '[' : mark === '}' ? '{' : undefined;
    if (close !== undefined) {
      const mayClose = expects === 'comma' || expects === 'valueOrEnd' || expects === 'keyOrEnd';
      if (!mayClose || open.pop() !== close) return start;
      expects = open.length === 0 ? 'end' : 'comma';
    } else if (mark === '[' || mark === '{') {
      if (!wantsValue) return start;
      open.push(mark);
      expects = mark === '[' ? 'valueOrEnd' : 'keyOrEnd';
    } else if (mark === ',') {
      if (expects !== 'comma') return start;
      expects = open.at(-1) === '[' ? 'value' : 'key';
    } else if (mark === ':') {
      if (expects !== 'colon') return start;
      expects = 'value';
    } else if (expects === 'key' || expects === 'keyOrEnd') {
      if (string === undefined) return start;
      expects = 'colon';
    } else if (!wantsValue) return start;
    else expects = open.length === 0 ? 'end' : 'comma';
  }
}

/** "line 3, column 7 (offset 41)", counted in UTF-16 units from 1; the offset from 0. */
export function describePosition(text: string, offset: number): string {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return `line ${line}, column ${offset - before.lastIndexOf('\n')} (offset ${offset})`;
}
