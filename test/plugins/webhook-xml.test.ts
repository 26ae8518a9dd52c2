import { describe, expect, it } from 'vitest';
import { runIngest } from './plugin-run.ts';

const send = (text: string) => runIngest('webhook', { text, contentType: 'application/xml' }, { summaryPath: 'a' });

describe('XML that is made to hurt', () => {
  it('is read or refused within the limits of a run', async () => {
    const large = 1024 * 1024 - 1024;
    const bodies: Record<string, string> = {
      deep: '<a>'.repeat(100_000),
      'deep and closed': `${'<a>'.repeat(5000)}${'</a>'.repeat(5000)}`,
      wide: `<a>${'<b/>'.repeat(large / 4)}</a>`,
      'as many attributes as may be': `<a ${Array.from({ length: 3900 }, (_, n) => `x${n}="1"`).join(' ')}/>`,
      'as many elements as may be': `<a>${'<b/>'.repeat(3900)}</a>`,
      attributes: `<a ${Array.from({ length: 50_000 }, (_, n) => `x${n}="1"`).join(' ')}/>`,
      lines: `<a>${'\r\n'.repeat(large / 4)}</a>`,
      'as many entities as may be': `<a>${'&lt;'.repeat(7_900)}</a>`,
      'known entities': `<a>${'&lt;'.repeat(large / 4)}</a>`,
      'entities of its own': '<!DOCTYPE a [<!ENTITY b "bb">]><a>&b;</a>',
      'an entity from outside': '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
      'an open doctype': `<!DOCTYPE a [${'<!ENTITY '.repeat(10_000)}`,
      'no end': `<a>${'x'.repeat(large / 2)}`,
      nothing: '',
    };
    for (const [name, body] of Object.entries(bodies)) {
      const { outcome } = await send(body);
      expect([name, outcome]).toEqual([name, expect.stringMatching(/^(events|invalid)$/)]);
    }
  });
});
