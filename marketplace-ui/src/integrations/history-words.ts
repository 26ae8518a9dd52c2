import type { History } from '@patchbay/plugin-sdk/contract/rest/integrations';

export type Hour = History['hours'][number];

interface HistorySums {
  success: number;
  errors: number;
  turnedAway: number;
}

function sumsOf(hours: readonly Hour[]): HistorySums {
  const sums = { success: 0, errors: 0, turnedAway: 0 };
  for (const hour of hours) {
    sums.success += hour.success;
    sums.errors += hour.errors;
    sums.turnedAway += hour.turnedAway;
  }
  return sums;
}

/** What the chart shows, in a sentence or two: for who does not see it. */
export function historyWords(hours: readonly Hour[], span: string): string {
  const { success, errors, turnedAway } = sumsOf(hours);
  const away =
    turnedAway === 0 ? '' : ` ${number(turnedAway)} more ${turnedAway === 1 ? 'was' : 'were'} turned away at the door.`;
  const all = success + errors;
  if (all === 0) return `Nothing came in ${span}.${away}`;
  const failed = errors === 0 ? 'none failed' : `${number(errors)} failed (${percentWords(errors, all)})`;
  return `${number(all)} ${all === 1 ? 'request' : 'requests'} in ${span}, ${failed}.${away}`;
}

/** "12 %", "0.4 %"; never "0 %" of what is there, nor "100 %" of what is not all. */
export function percentWords(part: number, whole: number): string {
  if (part === 0 || part === whole) return `${part === 0 ? 0 : 100} %`;
  const percent = (100 * part) / whole;
  if (percent < 0.1) return 'under 0.1 %';
  if (percent > 99.9) return 'over 99.9 %';
  return `${percent < 10 || percent > 90 ? percent.toFixed(1).replace(/\.0$/, '') : Math.round(percent)} %`;
}

/** The top of a scale: the next of 1, 2, 5, 10, 20, 50 and so on. */
export function scaleTop(highest: number): number {
  if (highest <= 1) return 1;
  const magnitude = 10 ** Math.floor(Math.log10(highest));
  return [1, 2, 5, 10].map((step) => step * magnitude).find((top) => top >= highest) ?? highest;
}

function number(value: number): string {
  return value.toLocaleString('en');
}
