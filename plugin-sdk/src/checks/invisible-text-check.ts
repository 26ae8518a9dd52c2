import type { PluginPackage } from '../package/plugin-package.ts';
import type { Finding } from './check-result.ts';
import { placeIn, textFiles } from './text-files.ts';

/**
 * Characters that make text read otherwise than it is: controls of direction ("Trojan Source", CVE-2021-42574), marks
 * without width, tags and fillers.
 */
const HIDDEN =
  /[\p{Cc}\u00ad\u061c\u115f\u1160\u180e\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\u{e0000}-\u{e007f}]/gu;
const VISIBLE_CONTROLS = new Set(['\t', '\n', '\r']);
/** A joiner stands between the parts of an emoji; anywhere else it hides. */
const JOINER = /(?<!\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f)\u200d/gu;

/** All text is UTF-8 and shows what it holds. */
export function checkInvisibleText(subject: PluginPackage): Finding[] {
  const findings: Finding[] = [];
  for (const [path, bytes] of textFiles(subject)) {
    const text = bytes.toString('utf8');
    if (!Buffer.from(text).equals(bytes)) {
      const advice = 'Save the file as UTF-8.';
      findings.push({
        rule: 'text.encoding',
        place: path,
        message: 'The file is not UTF-8 text.',
        advice,
        level: 'error',
      });
      continue;
    }
    for (const pattern of [HIDDEN, JOINER])
      for (const match of text.matchAll(pattern)) {
        if (VISIBLE_CONTROLS.has(match[0])) continue;
        const code = (match[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
        findings.push({
          rule: 'text.invisible',
          place: placeIn(path, text, match.index),
          message: `Here is the invisible character U+${code}.`,
          advice: 'Remove it, or write it as an escape.',
          level: 'error',
        });
      }
  }
  return findings;
}
