/**
 * Rows in the order in which they are being read: those already on the screen stay where they are (with their newest
 * content), those that came above them wait. Rows that follow the last one read (an older page) are added.
 *
 * @param reading the keys on the screen, top first
 */
export function holdRows<Row>(
  rows: readonly Row[],
  reading: readonly string[],
  keyOf: (row: Row) => string,
): { rows: Row[]; held: number } {
  const byKey = new Map(rows.map((row) => [keyOf(row), row]));
  const shown = reading.flatMap((key) => byKey.get(key) ?? []);
  const onScreen = new Set(shown.map(keyOf));
  const last = shown.at(-1);
  const lastAt = last === undefined ? -1 : rows.findIndex((row) => keyOf(row) === keyOf(last));
  const older = rows.slice(lastAt + 1).filter((row) => !onScreen.has(keyOf(row)));
  const result = [...shown, ...older];
  return { rows: result, held: rows.length - result.length };
}
