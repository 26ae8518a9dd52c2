export interface DiffLine {
  kind: 'same' | 'added' | 'removed';
  text: string;
  /** Line numbers from 1; null where the line is not in that text. */
  before: number | null;
  after: number | null;
}

/** Above this the table of the comparison grows too large for a page: the middle is then shown as replaced. */
const CELLS_MAX = 4_000_000;

/**
 * The lines of two texts beside each other: what is in both stays, in order, as much as there is of it (longest common
 * subsequence, after the common beginning and end are set aside).
 */
export function lineDiff(before: string, after: string): DiffLine[] {
  const old = linesOf(before);
  const now = linesOf(after);
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;

  const lines: DiffLine[] = [];
  let [at, to] = [0, 0];
  const same = (): void => void lines.push({ kind: 'same', text: old[at] ?? '', before: ++at, after: ++to });
  const removed = (): void => void lines.push({ kind: 'removed', text: old[at] ?? '', before: ++at, after: null });
  const added = (): void => void lines.push({ kind: 'added', text: now[to] ?? '', before: null, after: ++to });

  while (at < head) same();
  const [oldEnd, nowEnd] = [old.length - tail, now.length - tail];
  const width = nowEnd - head + 1;
  const small = (oldEnd - head + 1) * width <= CELLS_MAX;
  const common = small ? commonLengths(old.slice(head, oldEnd), now.slice(head, nowEnd)) : undefined;
  const lengthAt = (row: number, column: number): number => common?.[(row - head) * width + column - head] ?? 0;
  while (at < oldEnd || to < nowEnd) {
    if (common !== undefined && at < oldEnd && to < nowEnd && old[at] === now[to]) same();
    else if (at < oldEnd && (to >= nowEnd || lengthAt(at + 1, to) >= lengthAt(at, to + 1))) removed();
    else added();
  }
  while (at < old.length) same();
  return lines;
}

/** Row by row: how many lines the rest of one text and the rest of the other have in common. */
function commonLengths(old: readonly string[], now: readonly string[]): Uint32Array {
  const width = now.length + 1;
  const table = new Uint32Array((old.length + 1) * width);
  for (let row = old.length - 1; row >= 0; row--)
    for (let column = now.length - 1; column >= 0; column--)
      table[row * width + column] =
        old[row] === now[column]
          ? (table[(row + 1) * width + column + 1] ?? 0) + 1
          : Math.max(table[(row + 1) * width + column] ?? 0, table[row * width + column + 1] ?? 0);
  return table;
}

function linesOf(text: string): string[] {
  if (text === '') return [];
  return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
}
