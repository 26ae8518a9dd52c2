// Comes before the language's library, which tells types by their constructor: while a module is compiled, Date is a
// stand-in that guards the clock, and values are of the real one.
globalThis.Date = Date.prototype.constructor as DateConstructor;

const OFFSET = /^([+-])(\d\d):(\d\d)$/;

/**
 * The engine knows no names of time zones and takes every one for UTC, and the library asks for them through this
 * function. So that no rule is an hour off without a word, UTC and fixed offsets are known and names are errors.
 */
const dates: { toLocaleString(locales?: unknown, options?: { timeZone?: string }): string } = Date.prototype;
dates.toLocaleString = function toLocaleString(
  this: Date,
  _locales?: unknown,
  options?: { timeZone?: string },
): string {
  const zone = options?.timeZone ?? 'UTC';
  if (zone === 'UTC') return this.toISOString();
  const [, sign, hours, minutes] = OFFSET.exec(zone) ?? [];
  if (sign === undefined)
    throw new Error(`Time zones are written as UTC or as an offset such as "+02:00", not "${zone}"`);
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000;
  return new Date(this.getTime() + (sign === '-' ? -offset : offset)).toISOString();
};
