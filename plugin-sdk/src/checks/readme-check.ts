import { packageFiles, type PluginPackage } from '../package/plugin-package.ts';
import type { Finding } from './check-result.ts';
import { withoutCode } from './markdown-code.ts';
import { placeIn } from './text-files.ts';

/**
 * The README as a stranger's page. Patchbay's own pages drop what is found here; a mirror, an editor or a package page may not.
 *
 *   readme.active   elements that run, fetch or ask for something, handlers of events, addresses that are programs: errors
 *   readme.hidden   text that stands in the file and is never shown: a warning
 *   readme.html     other HTML, which is not shown: a warning
 *   readme.image    an image from elsewhere, which tells its server who reads: a warning
 */
const RULES: { rule: string; pattern: RegExp; message: string; advice: string; level: Finding['level'] }[] = [
  {
    rule: 'readme.active',
    pattern:
      /<\/?(?:script|iframe|frame|object|embed|applet|form|input|button|style|link|meta|base|svg|math|template)\b/gi,
    message: 'Here is an HTML element that runs, fetches or asks for something.',
    advice: 'Write it in Markdown, or put it into a block of code when it is an example.',
    level: 'error',
  },
  {
    rule: 'readme.active',
    pattern: /<[a-z][^<>]{0,2000}?\son[a-z]{2,30}\s*=/gi,
    message: 'Here is an HTML element that handles an event.',
    advice: 'Write it in Markdown, or put it into a block of code when it is an example.',
    level: 'error',
  },
  {
    rule: 'readme.active',
    pattern:
      /(?:\]\(|^ {0,3}\[[^\]\n]{1,200}\]:|<|(?:href|src)\s{0,5}=)[\s<"']{0,20}(?:javascript|vbscript|data)\s{0,5}:/gim,
    message: 'Here is a link to a program or to data, not to a page.',
    advice: 'Link to an https address.',
    level: 'error',
  },
  {
    rule: 'readme.hidden',
    pattern: /<!--/g,
    message: 'Here is a comment, which no reader of the page sees.',
    advice: 'Say it in the text, or leave it out.',
    level: 'warning',
  },
  {
    rule: 'readme.html',
    pattern:
      /<(?:a|b|br|center|details|div|font|h[1-6]|i|img|p|picture|span|sub|summary|sup|table|td|th|tr|u|video)\b[^<>]{0,2000}>/gi,
    message: 'Here is HTML, which is not shown.',
    advice: 'Write it in Markdown.',
    level: 'warning',
  },
  {
    rule: 'readme.image',
    pattern: /!\[[^\]\n]{0,500}\]\([\s<]{0,20}(?:https?:)?\/\//gi,
    message: 'Here is an image from elsewhere, which is named and not loaded.',
    advice: 'Say in words what it shows.',
    level: 'warning',
  },
];

/** Of one rule; an author who sees so many knows what to look for. */
const FINDINGS_MAX = 10;

/** The README is text with headings, lists, code and links, and nothing that does something by itself. */
export function checkReadme({ readme }: PluginPackage): Finding[] {
  const text = withoutCode(readme);
  const findings: Finding[] = [];
  for (const { pattern, ...finding } of RULES) {
    let count = 0;
    for (const { index } of text.matchAll(pattern)) {
      findings.push({ ...finding, place: placeIn(packageFiles.readme, readme, index) });
      if (++count === FINDINGS_MAX) break;
    }
  }
  return findings;
}
