import type { PluginPackage } from '../package/plugin-package.ts';
import type { Finding } from './check-result.ts';
import { svgViolation } from './svg-rules.ts';
import { placeIn } from './text-files.ts';

/** The icon is a drawing and nothing else: it runs nothing and fetches nothing, wherever it is shown. */
export function checkIcon({ icon, manifest }: PluginPackage): Finding[] {
  const violation = svgViolation(icon);
  if (violation === undefined) return [];
  return [
    {
      rule: 'icon.svg',
      place: placeIn(manifest.icon, icon, violation.offset),
      message: violation.message,
      advice: 'Use shapes, paths, groups and gradients only; export the icon as plain SVG without styles and scripts.',
      level: 'error',
    },
  ];
}
