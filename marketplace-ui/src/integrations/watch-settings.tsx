import type { Integration } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { Switch } from '@mantine/core';
import { useHasRole } from '../api/session.ts';
import { InlineError } from '../components/inline-error.tsx';
import { notifyDone } from '../components/notify.tsx';
import { Section } from '../components/section.tsx';
import { useChangeIntegration } from './integration-queries.ts';

/** Whether an incident opens by itself when the sender falls silent or its requests fail. */
export function WatchSettings({ integration }: { integration: Integration }) {
  const change = useChangeIntegration(integration.id);
  const mayChange = useHasRole('member');
  return (
    <Section title="Watch">
      <Switch
        label="Open an incident when it falls silent or fails"
        description="After a week in which something came on most days: when nothing comes for much longer than it ever did, or far more requests fail than usual. The incident resolves by itself."
        disabled={!mayChange || change.isPending}
        checked={integration.watch}
        onChange={(event) => {
          const watch = event.currentTarget.checked;
          change.mutate(
            { watch },
            {
              onSuccess: () =>
                notifyDone(watch ? `“${integration.name}” is watched` : `“${integration.name}” is no longer watched`),
            },
          );
        }}
      />
      <InlineError error={change.error} />
    </Section>
  );
}
