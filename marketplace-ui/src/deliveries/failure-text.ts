/** What a delivery or an attempt says is a failure's only where it did not do what it was to do. */
export function failureText(outcome: string, message: string | null): string | null {
  return outcome === 'delivered' || outcome === 'skipped' ? null : message;
}
