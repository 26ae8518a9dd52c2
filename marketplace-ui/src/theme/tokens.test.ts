import { describe, expect, it } from 'vitest';
import { palettes, toneColours, tones } from './tokens.ts';

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const channel = parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** WCAG 2 contrast ratio, https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const grounds = ['canvas', 'surface', 'raised', 'sunken', 'hover', 'selected'] as const;
const inks = ['text', 'text-muted', 'text-faint', 'brand-text'] as const;
const codeInks = ['code-key', 'code-string', 'code-number', 'code-keyword', 'text'] as const;

describe.each(['light', 'dark'] as const)('the %s theme', (scheme) => {
  const palette = palettes[scheme];

  it.each(grounds.flatMap((ground) => inks.map((ink) => [ink, ground] as const)))('%s reads on %s', (ink, ground) => {
    expect(contrast(palette[ink], palette[ground])).toBeGreaterThanOrEqual(4.5);
  });

  it.each(tones.flatMap((tone) => grounds.map((ground) => [tone, ground] as const)))(
    'tone %s reads on %s and on its tint',
    (tone, ground) => {
      const { fg, tint } = toneColours[scheme][tone];
      expect(contrast(fg, palette[ground])).toBeGreaterThanOrEqual(4.5);
      expect(contrast(fg, tint)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(palette.text, tint)).toBeGreaterThanOrEqual(4.5);
    },
  );

  it.each(codeInks)('%s reads on wells and under the search mark', (ink) => {
    expect(contrast(palette[ink], palette.sunken)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(palette.text, palette.mark)).toBeGreaterThanOrEqual(4.5);
  });

  it('white reads on filled buttons', () => {
    for (const fill of ['brand', 'brand-hover', 'danger-fill', 'danger-fill-hover'] as const) {
      expect(contrast('#ffffff', palette[fill])).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('edges of inputs can be seen', () => {
    for (const ground of ['canvas', 'surface', 'raised'] as const) {
      expect(contrast(palette['border-input'], palette[ground])).toBeGreaterThanOrEqual(3);
    }
  });
});
