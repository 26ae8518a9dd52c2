/**
 * Every colour of the interface, for both themes. Nothing else in the interface names a colour: styles say
 * `var(--pb-...)`. Tones belong to severity and status only; `brand` belongs to what can be acted on.
 * tokens.test.ts measures the contrast of each pair that carries text.
 */
export const tones = ['danger', 'serious', 'caution', 'info', 'good', 'neutral'] as const;
export type Tone = (typeof tones)[number];

interface Palette {
  /** The page behind everything. */
  canvas: string;
  /** Tables, cards and the navigation. */
  surface: string;
  /** Menus, drawers and dialogs. */
  raised: string;
  /** Wells: code, table heads, inset panels. */
  sunken: string;
  hover: string;
  selected: string;
  border: string;
  'border-strong': string;
  /** Edges of inputs: 3:1 against the surface. */
  'border-input': string;
  text: string;
  'text-muted': string;
  'text-faint': string;
  /** Fill of the primary action, under white text. */
  brand: string;
  'brand-hover': string;
  /** Links, the focus ring, and the cable. */
  'brand-text': string;
  'brand-tint': string;
  'danger-fill': string;
  'danger-fill-hover': string;
  'code-key': string;
  'code-string': string;
  'code-number': string;
  'code-keyword': string;
  mark: string;
}

export const palettes: Record<'light' | 'dark', Palette> = {
  light: {
    canvas: '#f6f8f8',
    surface: '#ffffff',
    raised: '#ffffff',
    sunken: '#f0f3f3',
    hover: '#f3f6f6',
    selected: '#e6f3f2',
    border: '#e0e5e5',
    'border-strong': '#c4cccc',
    'border-input': '#859293',
    text: '#141b1c',
    'text-muted': '#4e5b5d',
    'text-faint': '#5f6c6e',
    brand: '#0b6e6b',
    'brand-hover': '#085956',
    'brand-text': '#0a6561',
    'brand-tint': '#e2f1f0',
    'danger-fill': '#b3191f',
    'danger-fill-hover': '#971318',
    'code-key': '#0a5f7a',
    'code-string': '#3d6212',
    'code-number': '#8a4a06',
    'code-keyword': '#7a3390',
    mark: '#fff0a8',
  },
  dark: {
    canvas: '#0d1213',
    surface: '#131a1b',
    raised: '#192223',
    sunken: '#0f1617',
    hover: '#1a2425',
    selected: '#112e2d',
    border: '#243031',
    'border-strong': '#394849',
    'border-input': '#67797b',
    text: '#e5ecec',
    'text-muted': '#a5b2b4',
    'text-faint': '#8f9d9f',
    brand: '#0f7f7a',
    'brand-hover': '#0d6e6a',
    'brand-text': '#5fd0c8',
    'brand-tint': '#112e2d',
    'danger-fill': '#c4363a',
    'danger-fill-hover': '#ad2c30',
    'code-key': '#7cc7e0',
    'code-string': '#a9d47f',
    'code-number': '#eeb173',
    'code-keyword': '#d3a3e6',
    mark: '#5c4d0e',
  },
};

/** `fg` is text and shape, on `tint` and on every neutral ground. */
export const toneColours: Record<'light' | 'dark', Record<Tone, { fg: string; tint: string }>> = {
  light: {
    danger: { fg: '#b3191f', tint: '#fdecec' },
    serious: { fg: '#9c3a07', tint: '#fdefe5' },
    caution: { fg: '#7a5100', tint: '#fbf2d6' },
    info: { fg: '#1d56b0', tint: '#e8f0fd' },
    good: { fg: '#17692f', tint: '#e4f4e8' },
    neutral: { fg: '#4a5759', tint: '#ebefef' },
  },
  dark: {
    danger: { fg: '#ff918e', tint: '#3a181a' },
    serious: { fg: '#ffa873', tint: '#37200f' },
    caution: { fg: '#efc255', tint: '#31260f' },
    info: { fg: '#91bdff', tint: '#152742' },
    good: { fg: '#76d68e', tint: '#12301c' },
    neutral: { fg: '#abb8ba', tint: '#212b2c' },
  },
};

/** Ten steps from pale to deep; Mantine wants a ramp. */
export const brandRamp = [
  '#e2f1f0',
  '#c5e5e3',
  '#9bd3d0',
  '#5fd0c8',
  '#33a9a3',
  '#178f89',
  '#0f7f7a',
  '#0b6e6b',
  '#085956',
  '#064644',
] as const;

export const dangerRamp = [
  '#fdecec',
  '#fad2d2',
  '#f5abab',
  '#ff918e',
  '#e0555a',
  '#d0444a',
  '#c4363a',
  '#b3191f',
  '#971318',
  '#7c0f13',
] as const;

/** Mantine draws its dark theme from this ramp, from text (0) to the page (9), and its light one from the next. */
export const darkRamp = [
  '#e5ecec',
  '#c3cdce',
  '#a5b2b4',
  '#67797b',
  '#394849',
  '#243031',
  '#131a1b',
  '#0f1617',
  '#0d1213',
  '#090d0e',
] as const;

export const greyRamp = [
  '#f6f8f8',
  '#f0f3f3',
  '#e7ecec',
  '#e0e5e5',
  '#c4cccc',
  '#a9b4b5',
  '#859293',
  '#5f6c6e',
  '#4e5b5d',
  '#2b3536',
] as const;

/** The custom properties of one theme: `--pb-surface`, `--pb-tone-danger-fg` and so on. */
export function customProperties(scheme: 'light' | 'dark'): Record<string, string> {
  const properties: Record<string, string> = {};
  for (const [name, colour] of Object.entries<string>({ ...palettes[scheme] })) properties[`--pb-${name}`] = colour;
  for (const tone of tones) {
    const { fg, tint } = toneColours[scheme][tone];
    properties[`--pb-tone-${tone}-fg`] = fg;
    properties[`--pb-tone-${tone}-tint`] = tint;
  }
  return properties;
}
