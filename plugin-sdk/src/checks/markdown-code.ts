const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const INDENTED = /^(?: {4}|\t)/;
/** More than a line of prose has. */
const RUNS_PER_LINE = 200;

/**
 * The text with spaces where its code is: fenced blocks, indented blocks, and code within a line. Of the same length, so
 * that places in it stay what they are. Reads every line once. https://spec.commonmark.org/0.31.2/
 */
export function withoutCode(markdown: string): string {
  let fence: string | undefined;
  let isAfterBlank = true;
  let isIndented = false;
  const lines = markdown.split('\n').map((line) => {
    const mark = FENCE.exec(line)?.[1];
    if (fence !== undefined) {
      const closes = mark?.[0] === fence[0] && (mark?.length ?? 0) >= fence.length && /^\s*[`~]+\s*$/.test(line);
      if (closes) fence = undefined;
      return blank(line);
    }
    if (mark !== undefined) {
      fence = mark;
      return blank(line);
    }
    isIndented = INDENTED.test(line) && (isAfterBlank || isIndented);
    isAfterBlank = line.trim() === '';
    return isIndented ? blank(line) : withoutSpans(line);
  });
  return lines.join('\n');
}

/** Code between two runs of as many backticks. */
function withoutSpans(line: string): string {
  const runs = [...line.matchAll(/`+/g)].slice(0, RUNS_PER_LINE);
  let text = line;
  for (let at = 0; at < runs.length; at += 1) {
    const opening = runs[at];
    const closing = runs.findIndex((run, other) => other > at && run[0] === opening?.[0]);
    const end = runs[closing];
    if (opening === undefined || end === undefined) continue;
    text = text.slice(0, opening.index) + blank(line.slice(opening.index, end.index)) + text.slice(end.index);
    at = closing;
  }
  return text;
}

const blank = (text: string): string => ' '.repeat(text.length);
