import type { Integration } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { Button, Group, NativeSelect, Stack, Switch, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useHasRole } from '../api/session.ts';
import { InlineError } from '../components/inline-error.tsx';
import { notifyDone } from '../components/notify.tsx';
import { Section } from '../components/section.tsx';
import { focusFirst } from '../settings-form/focus-first.ts';
import { useChangeIntegration } from './integration-queries.ts';
import { headerHelp, readSenderResponse, senderResponseDraft } from './sender-response-draft.ts';

/** What a sender gets once its request is taken, for those that want something certain. */
export function SenderAnswer({ integration }: { integration: Integration }) {
  const [draft, setDraft] = useState(() => senderResponseDraft(integration.response));
  const change = useChangeIntegration(integration.id);
  const mayChange = useHasRole('member');
  const read = readSenderResponse(draft);
  const issues = read.ok ? {} : read.issues;
  const changed = JSON.stringify(draft) !== JSON.stringify(senderResponseDraft(integration.response));
  const set = (part: Partial<typeof draft>) => setDraft((before) => ({ ...before, ...part }));
  return (
    <Section title="What the sender is answered">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!read.ok) {
            focusFirst([issues.body === undefined ? 'answer-headers' : 'answer-body']);
            return;
          }
          change.mutate(
            { response: read.response },
            {
              onSuccess: (saved) => {
                setDraft(senderResponseDraft(saved.response));
                notifyDone('Saved what the sender is answered');
              },
            },
          );
        }}
      >
        <Stack gap="md">
          <Switch
            label="Answer of your own"
            description="Else the id of the request and its number of events, with status 202. What a plugin answers itself goes before either."
            disabled={!mayChange}
            checked={draft.own}
            onChange={(event) => set({ own: event.currentTarget.checked })}
          />
          {draft.own && (
            <>
              <Group gap="md" align="flex-start">
                <NativeSelect
                  label="Status"
                  disabled={!mayChange}
                  data={['200', '202', '204']}
                  value={draft.status}
                  onChange={(event) => set({ status: event.currentTarget.value })}
                />
                {draft.status !== '204' && (
                  <NativeSelect
                    label="Content type"
                    disabled={!mayChange}
                    data={['text/plain', 'application/json']}
                    value={draft.contentType}
                    onChange={(event) => set({ contentType: event.currentTarget.value })}
                  />
                )}
              </Group>
              {draft.status !== '204' && (
                <Textarea
                  id="answer-body"
                  label="Body"
                  error={issues.body}
                  disabled={!mayChange}
                  autosize
                  minRows={2}
                  maxRows={10}
                  value={draft.body}
                  onChange={(event) => set({ body: event.currentTarget.value })}
                />
              )}
              <Textarea
                id="answer-headers"
                label="Headers"
                description={headerHelp}
                error={issues.headers}
                disabled={!mayChange}
                autosize
                minRows={2}
                maxRows={6}
                value={draft.headers}
                onChange={(event) => set({ headers: event.currentTarget.value })}
              />
            </>
          )}
          <InlineError error={change.error} />
          {mayChange && (
            <Group>
              <Button type="submit" variant="default" loading={change.isPending} disabled={!changed}>
                Save the answer
              </Button>
            </Group>
          )}
        </Stack>
      </form>
    </Section>
  );
}
