import { eventPayloadSchema, type EventPayload } from '@patchbay/plugin-sdk/contract/event-payload';
import type { EventRule } from '@patchbay/plugin-sdk/contract/event-rules';
import type { Integration, RequestSummary } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { Button, NativeSelect, Stack, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { FlaskConical } from 'lucide-react';
import { useState } from 'react';
import { InlineError } from '../components/inline-error.tsx';
import { Section } from '../components/section.tsx';
import { exactWords } from '../components/time-words.ts';
import { triableRequestsQuery, useTryRules, type Tried } from './rule-queries.ts';
import { sampleEvent } from './sample-event.ts';
import { TriedEvents } from './tried-events.tsx';
import classes from './rules-tab.module.css';

interface TryRulesProps {
  integration: Integration;
  rules: readonly EventRule[];
  /** The rules are not those that are in force. */
  unsaved: boolean;
}

const OWN = 'own';

/** What the rules would do to a request that came in, or to an event of one's own. */
export function TryRules({ integration, rules, unsaved }: TryRulesProps) {
  const requests = useQuery(triableRequestsQuery(integration.id));
  const [chosen, setChosen] = useState<string | null>(null);
  const [text, setText] = useState(() => JSON.stringify(sampleEvent, null, 2));
  const [issue, setIssue] = useState<string | null>(null);
  const attempt = useTryRules(integration.id);
  const items = requests.data?.items ?? [];
  const subject = chosen ?? items[0]?.id ?? OWN;
  // Before the requests are known, a click would try the rules on something else than what the page then names.
  const unknown = requests.isPending;

  const run = () => {
    let on: Tried;
    if (subject === OWN) {
      const event = readEvent(text);
      setIssue(typeof event === 'string' ? event : null);
      if (typeof event === 'string') return;
      on = { event };
    } else on = { requestId: subject };
    attempt.mutate({ rules, on });
  };

  return (
    <Section title="Try them" hint="Nothing is stored and nobody hears of it">
      <Stack gap="md">
        <NativeSelect
          label="Try on"
          description={unsaved ? 'The rules as they stand above, also what is not saved.' : 'The rules above.'}
          disabled={unknown}
          value={subject}
          data={
            unknown
              ? [{ value: subject, label: 'Looking for requests…' }]
              : [...items.map(choiceOf), { value: OWN, label: 'An event of my own' }]
          }
          onChange={(event) => {
            setChosen(event.currentTarget.value);
            setIssue(null);
            attempt.reset();
          }}
        />
        {!unknown && subject === OWN && (
          <Textarea
            label="Event"
            description="As plugins make it: event_action, dedup_key and a payload."
            autosize
            minRows={6}
            maxRows={20}
            spellCheck={false}
            error={issue}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: '0.8125rem' } }}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        )}
        <div>
          <Button
            variant="default"
            leftSection={<FlaskConical size={14} aria-hidden="true" />}
            loading={unknown || attempt.isPending}
            onClick={run}
          >
            Try the rules
          </Button>
        </div>
        <InlineError error={attempt.error} />
        <div role="status" className={classes.result}>
          {attempt.data !== undefined && <TriedEvents tried={attempt.data} />}
        </div>
      </Stack>
    </Section>
  );
}

function choiceOf({ id, receivedAt, state, eventCount }: RequestSummary): { value: string; label: string } {
  const events = state === 'accepted' ? `, ${eventCount} ${eventCount === 1 ? 'event' : 'events'}` : '';
  return { value: id, label: `Request of ${exactWords(Date.parse(receivedAt))}, ${state}${events}` };
}

/** @returns the event, or what is wrong with the text */
function readEvent(text: string): EventPayload | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return `This is not JSON: ${error instanceof Error ? error.message : ''}`;
  }
  const parsed = eventPayloadSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  return `This is no event: ${first?.path.join('.') ?? ''} ${first?.message ?? ''}`;
}
