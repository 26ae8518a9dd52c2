/** How bad a colour is: "good" is green, and the others are severities. */
export type Tone = 'good' | 'warning' | 'error';

const NAMES: Record<string, Tone> = { good: 'good', warning: 'warning', danger: 'error' };

/** By how much one part of a colour has to exceed another to set its tone. */
const CLEARLY = 1.3;

/**
 * What the colour beside a message says: Slack's names, `#RRGGBB` with or without its sign, or the number that Discord
 * takes. Undefined for blue, grey and what is no colour.
 */
export function colourSeverity(colour: unknown): Tone | undefined {
  const text = typeof colour === 'string' ? colour.trim().toLowerCase() : '';
  if (Object.hasOwn(NAMES, text)) return NAMES[text];
  const digits = /^#?([0-9a-f]{6})$/.exec(text)?.[1];
  const value = digits === undefined ? colour : Number.parseInt(digits, 16);
  if (typeof value !== 'number' || !Number.isInteger(value) || value <= 0 || value > 0xffffff) return undefined;
  const [red, green, blue] = [value >> 16, (value >> 8) & 0xff, value & 0xff];
  if (green > red * CLEARLY && green > blue * CLEARLY) return 'good';
  if (red > green * CLEARLY * CLEARLY && red > blue * CLEARLY) return 'error';
  return red > blue * CLEARLY * CLEARLY && green > blue * CLEARLY ? 'warning' : undefined;
}
