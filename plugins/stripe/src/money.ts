/** Currencies whose smallest unit is the whole: https://docs.stripe.com/currencies#zero-decimal */
const WITHOUT_CENTS = new Set('bif clp djf gnf jpy kmf krw mga pyg rwf ugx vnd vuv xaf xof xpf'.split(' '));
const THOUSANDTHS = new Set('bhd jod kwd omr tnd'.split(' '));

/** An amount in the smallest unit as people write it, for instance 12.50 EUR; undefined when there is none. */
export function money(amount: unknown, currency: unknown): string | undefined {
  if (typeof amount !== 'number' || !Number.isFinite(amount) || typeof currency !== 'string') return undefined;
  const code = currency.toLowerCase().slice(0, 8);
  const digits = WITHOUT_CENTS.has(code) ? 0 : THOUSANDTHS.has(code) ? 3 : 2;
  return `${(amount / 10 ** digits).toFixed(digits)} ${code.toUpperCase()}`;
}
