import {
  requestDetailSchema,
  type Integration,
  type RequestDetail,
} from '@patchbay/plugin-sdk/contract/rest/integrations';
import { Button, Group, Modal, Stack, Switch, Text, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/client.ts';
import { InlineError } from '../components/inline-error.tsx';
import { JsonView } from '../components/json-view.tsx';
import { TextLink } from '../components/link.tsx';
import { HttpStatus, RequestStatus } from '../components/status.tsx';
import { count } from '../consent/words.ts';
import { useSendTest } from './integration-queries.ts';
import classes from './integration-page.module.css';

/** Sends a payload through the same door as a sender, and shows what became of it. */
export function TestEventDialog({ integration, onClose }: { integration: Integration; onClose: () => void }) {
  const [own, setOwn] = useState(false);
  const [body, setBody] = useState('');
  const [contentType, setContentType] = useState('application/json');
  const send = useSendTest(integration.id);
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={`Send a test event to “${integration.name}”`}
      closeButtonProps={{ 'aria-label': 'Close' }}
      styles={{ title: { fontWeight: 600, fontSize: '1rem' } }}
    >
      <Stack gap="md">
        <Text>
          It takes the way of a real alert: door, plugin, incident. An incident that it opens is real too; your routes
          and webhooks hear of it.
        </Text>
        <Switch
          label="Send a body of my own"
          description="Otherwise the sample that comes with the plugin is sent."
          checked={own}
          onChange={(event) => setOwn(event.currentTarget.checked)}
        />
        {own && (
          <>
            <TextInput
              label="Content type"
              value={contentType}
              maxLength={100}
              onChange={(event) => setContentType(event.currentTarget.value)}
            />
            <Textarea
              label="Body"
              autosize
              minRows={6}
              maxRows={16}
              spellCheck={false}
              styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: '0.8125rem' } }}
              value={body}
              onChange={(event) => setBody(event.currentTarget.value)}
            />
          </>
        )}
        <InlineError error={send.error} />
        {send.data !== undefined && <Outcome key={send.data.requestId} result={send.data} />}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
          <Button
            data-autofocus
            loading={send.isPending}
            disabled={own && body === ''}
            onClick={() => send.mutate(own ? { body, contentType } : {})}
          >
            {send.data === undefined ? 'Send the test event' : 'Send again'}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

interface OutcomeProps {
  result: { requestId: string; status: number; response?: unknown };
}

function Outcome({ result }: OutcomeProps) {
  // The line of the request changes as its plugin runs, so it is read as a live row and not once.
  const request = useQuery({
    queryKey: ['requests', 'one', result.requestId],
    queryFn: ({ signal }) =>
      api.get(`/requests/${encodeURIComponent(result.requestId)}`, requestDetailSchema, { signal }),
  });
  return (
    <section className={classes.outcome} aria-label="What became of it" role="status">
      <div className={classes.line}>
        <span>
          The sender got <HttpStatus value={result.status} />
        </span>
        {request.data !== undefined && <RequestStatus value={request.data.state} pill />}
        <TextLink to="/requests/$id" params={{ id: result.requestId }}>
          Open the request
        </TextLink>
      </div>
      {request.data !== undefined && <Became request={request.data} />}
      {result.response !== undefined && result.response !== null && result.response !== '' && (
        <JsonView value={result.response} label="Answer" />
      )}
    </section>
  );
}

function Became({ request }: { request: RequestDetail }) {
  if (request.reason !== null)
    return (
      <p>
        {request.reason} {request.code !== null && <span className={`mono ${classes.code ?? ''}`}>{request.code}</span>}
      </p>
    );
  if (request.events.length === 0) return null;
  return (
    <p>
      {count(request.events.length, 'event')}:{' '}
      {request.events.map((event, index) => (
        <span key={event.id}>
          {index > 0 && ', '}
          {event.incidentId === null ? (
            event.effect
          ) : (
            <TextLink to="/incidents/$id" params={{ id: event.incidentId }}>
              {event.effect}: {event.summary ?? event.dedupKey}
            </TextLink>
          )}
        </span>
      ))}
    </p>
  );
}
