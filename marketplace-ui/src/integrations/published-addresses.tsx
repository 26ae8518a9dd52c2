import type { Integration } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { Button, Group } from '@mantine/core';
import { useHasRole } from '../api/session.ts';
import { Facts } from '../components/facts.tsx';
import { InlineError } from '../components/inline-error.tsx';
import { notifyDone, notifyFailed } from '../components/notify.tsx';
import { Section } from '../components/section.tsx';
import { Time } from '../components/time.tsx';
import { useRefreshRanges } from './integration-queries.ts';
import classes from './integration-page.module.css';

/** What the vendor says of the addresses that it sends from, and how old that is. */
export function PublishedAddresses({ integration }: { integration: Integration }) {
  const refresh = useRefreshRanges(integration.id);
  const mayRefresh = useHasRole('member');
  const { published, publishedOnly } = integration;
  if (published === null) return null;
  const { urls, count, fetchedAt, failure } = published;
  return (
    <Section title="Published addresses">
      <Facts
        entries={[
          ['Published at', urls.join(', ')],
          ['Addresses and networks', count.toLocaleString('en')],
          ['Read', fetchedAt === null ? 'never' : <Time at={fetchedAt} />],
          ['Last failure', failure ?? undefined],
        ]}
      />
      {publishedOnly && fetchedAt === null && (
        <p className={classes.muted}>
          Until they are read, requests from other addresses than the allowed ones are told to come later (503).
        </p>
      )}
      <InlineError error={refresh.error} />
      {mayRefresh && (
        <Group mt="md">
          <Button
            variant="default"
            loading={refresh.isPending}
            onClick={() =>
              refresh.mutate(undefined, {
                onSuccess: ({ published: read }) => {
                  const failure = read?.failure ?? null;
                  if (failure === null) notifyDone('Published addresses read');
                  else notifyFailed('Published addresses could not be read', new Error(failure));
                },
              })
            }
          >
            Read them now
          </Button>
        </Group>
      )}
    </Section>
  );
}
