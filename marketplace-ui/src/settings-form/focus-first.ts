/** Moves to the first control of these ids that is on the page, after the next drawing. */
export function focusFirst(ids: readonly string[]): void {
  requestAnimationFrame(() => {
    const found = ids.map((id) => document.getElementById(id)).find((element) => element !== null);
    found?.focus();
    found?.scrollIntoView({ block: 'center' });
  });
}
