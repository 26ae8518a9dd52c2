import { describe, expect, it } from 'vitest';
import { eventPayloadSchema } from '../contract/event-payload.ts';
import { eventOf } from './event-of.ts';

const facts = {
  action: 'trigger' as const,
  key: 'vendor-1',
  summary: [null, 'Down'],
  source: ['', 'shop'],
  severity: 'error' as const,
  kind: 'check',
  links: [['https://shop.example', 'Shop'] as const, ['javascript:alert(1)', 'No'] as const],
  details: {},
};

describe('the event of facts', () => {
  it('takes the first candidate that says something and leaves out what nothing is known of', () => {
    expect(eventOf(facts)).toEqual({
      event_action: 'trigger',
      dedup_key: 'vendor-1',
      payload: { summary: 'Down', source: 'shop', severity: 'error', class: 'check', custom_details: {} },
      links: [{ href: 'https://shop.example', text: 'Shop' }],
    });
  });

  it('takes for an address what is one, and not what was the text of a link before', () => {
    const odd = 'javascript:alert(2)';
    const links = [['https://shop.example/a', odd] as const, [odd, 'https://shop.example/a'] as const];
    expect(eventOf({ ...facts, links }).links).toEqual([{ href: 'https://shop.example/a', text: odd }]);
    expect(eventOf({ ...facts, links }).links).toEqual([{ href: 'https://shop.example/a', text: odd }]);
  });

  it('satisfies the schema whatever length the texts have', () => {
    const long = '警'.repeat(5000);
    const event = eventOf({
      ...facts,
      summary: [long],
      source: [long],
      kind: long,
      component: long,
      group: long,
      timestamp: long,
      image: `https://shop.example/${long}`,
      links: Array.from({ length: 50 }, (_, index) => [`https://shop.example/${index}`, long] as const),
    });
    expect(eventPayloadSchema.safeParse(event).success).toBe(true);
  });
});
