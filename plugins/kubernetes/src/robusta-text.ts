import { dedupKey, eventOf, redactText, severityOf, webUrl } from '@patchbay/plugin-sdk';
import type { Reading } from '@patchbay/plugin-sdk';
import type { Settings } from './settings.ts';

const OVER = '[RESOLVED] ';

/**
 * Robusta's webhook sink posts text: the title first, then lines that name the cluster ("Source: ...") and the page of
 * the finding ("Investigate: ..."). Undefined for other text.
 */
export function robustaText(text: string, settings: Settings): Reading | undefined {
  const lines = text
    .slice(0, 20_000)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const after = (name: string) => lines.find((line) => line.startsWith(name))?.slice(name.length);
  const source = after('Source: ');
  const [first] = lines;
  if (first === undefined || source === undefined) return undefined;
  const isOver = first.startsWith(OVER);
  const title = isOver ? first.slice(OVER.length) : first;
  const word = /^\[(?:Firing|Prometheus)\] ?\W*(\w+)/i.exec(title)?.[1];
  return eventOf({
    action: isOver ? 'resolve' : 'trigger',
    key: dedupKey('kubernetes', source, title),
    summary: [title],
    source: [source],
    severity: settings.severity(undefined, severityOf(word) === undefined ? undefined : word),
    kind: 'robusta',
    group: source,
    links: [
      [webUrl(after('Investigate: ')), 'Robusta'],
      [webUrl(after('Silence: ')), 'Silence it'],
    ],
    details: { text: redactText(lines.slice(1).join('\n')) },
  });
}
