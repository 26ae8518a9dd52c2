import type { SubmissionDetail } from '@patchbay/plugin-sdk/contract/rest/registry';
import { Button, Group, Stack } from '@mantine/core';
import { InlineError } from '../components/inline-error.tsx';
import { notifyDone } from '../components/notify.tsx';
import { Section } from '../components/section.tsx';
import { useDecide } from './review-queries.ts';
import classes from './review.module.css';

/** The ways out for a submission that is held. */
export function HeldForm({ submission }: { submission: SubmissionDetail }) {
  const { submissionId, plugin, version, reason } = submission;
  const decide = useDecide(submissionId);
  const words = reason ?? 'It was held.';
  return (
    <Section title="It is held">
      <Stack gap="md">
        <p className={classes.plain}>{words} Have it checked again, or reject it.</p>
        <InlineError error={decide.error} />
        <Group gap="sm">
          <Button
            loading={decide.isPending && decide.variables.act === 'check-again'}
            onClick={() =>
              decide.mutate(
                { act: 'check-again', input: {} },
                { onSuccess: () => notifyDone(`${plugin} ${version} is checked again`) },
              )
            }
          >
            Check again
          </Button>
          <Button
            variant="default"
            loading={decide.isPending && decide.variables.act === 'reject'}
            onClick={() =>
              decide.mutate(
                { act: 'reject', input: { reason: words } },
                { onSuccess: () => notifyDone(`${plugin} ${version} rejected`) },
              )
            }
          >
            Reject
          </Button>
        </Group>
      </Stack>
    </Section>
  );
}
