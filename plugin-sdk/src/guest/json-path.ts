const PATH_CHARS = 200;
const PATHS = 10;
const STEPS = 20;

type Step = string | number;

/**
 * Reads the small path language of the settings: names joined by dots, `[0]` for an entry of a list (negative: from
 * the end), `["a.b"]` for a name with other characters; a leading `$.` may stand. There is no search and no
 * expression, so that reading takes as many steps as the path has. Undefined for what is no path.
 */
export function parsePath(path: string): Step[] | undefined {
  if (path.length > PATH_CHARS) return undefined;
  const steps: Step[] = [];
  let rest = path.trim().replace(/^\$\.?/, '');
  let isFirst = true;
  while (rest !== '') {
    const match =
      /^\[(-?\d{1,6})\]/.exec(rest) ?? /^\["([^"]{1,100})"\]/.exec(rest) ?? /^\['([^']{1,100})'\]/.exec(rest);
    const name = isFirst ? /^[^.[\]\s][^.[\]]*/.exec(rest) : /^\.([^.[\]\s][^.[\]]*)/.exec(rest);
    if (match !== null) steps.push(/^\[-?\d/.test(match[0]) ? Number(match[1]) : (match[1] ?? ''));
    else if (name !== null) steps.push((isFirst ? name[0] : (name[1] ?? '')).trimEnd());
    else return undefined;
    rest = rest.slice((match ?? name)?.[0].length ?? 0);
    isFirst = false;
    if (steps.length > STEPS) return undefined;
  }
  return steps.length === 0 ? undefined : steps;
}

/** The value at the path; undefined when there is none. Only own fields are looked at. */
export function valueAt(root: unknown, steps: Step[]): unknown {
  let value = root;
  for (const step of steps) {
    if (typeof value !== 'object' || value === null) return undefined;
    if (Array.isArray(value)) value = typeof step === 'number' ? value.at(step) : undefined;
    else value = Object.hasOwn(value, step) ? (value as Record<string, unknown>)[step] : undefined;
  }
  return value;
}

/** The paths of a setting: one, or several separated by commas; none for an empty setting. */
export function pathsOf(setting: unknown): { text: string; steps: Step[] }[] {
  if (typeof setting !== 'string') return [];
  return setting
    .split(',', PATHS)
    .map((text) => text.trim())
    .flatMap((text) => {
      const steps = parsePath(text);
      return steps === undefined ? [] : [{ text, steps }];
    });
}
