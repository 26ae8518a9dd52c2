import type { SubmissionDetail } from '@patchbay/plugin-sdk/contract/rest/registry';
import { Button, Group, Stack, Textarea } from '@mantine/core';
import { useState } from 'react';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { InlineError } from '../components/inline-error.tsx';
import { notifyDone } from '../components/notify.tsx';
import { Section } from '../components/section.tsx';
import { useDecide } from './review-queries.ts';
import classes from './review.module.css';

const doneWords = { reject: 'rejected', 'request-changes': 'sent back', quarantine: 'held' } as const;

/** The decision about a submission that is in review; each has its words, which the author reads. */
export function DecisionForm({ submission }: { submission: SubmissionDetail }) {
  const { submissionId, sha256, plugin, version, approvals, mayNotApprove } = submission;
  const [words, setWords] = useState('');
  const [missing, setMissing] = useState(false);
  const [rejecting, setRejecting] = useState(false);
  const decide = useDecide(submissionId);
  const last = approvals.given + 1 >= approvals.needed;
  const subject = `${plugin} ${version}`;

  function turnDown(act: keyof typeof doneWords) {
    if (words.trim() === '') {
      setMissing(true);
      setRejecting(false);
      return;
    }
    decide.mutate(
      { act, input: { reason: words.trim() } },
      {
        onSuccess: () => notifyDone(`${subject} ${doneWords[act]}`),
        onSettled: () => setRejecting(false),
      },
    );
  }

  return (
    <Section title="Your decision" hint={`For the package ${sha256.slice(0, 12)}, and no other`}>
      <Stack gap="md">
        {approvals.needed > 1 && (
          <p className={classes.plain}>
            It asks for something new of high risk: {approvals.given} of {approvals.needed} approvals are given, by
            different reviewers.
          </p>
        )}
        {mayNotApprove !== null && <p className={classes.plain}>{mayNotApprove}</p>}
        <Textarea
          label="In words"
          description="Optional for an approval; the author reads it"
          autosize
          minRows={2}
          maxLength={1000}
          value={words}
          error={missing ? 'Say why: the author has to know what to change.' : undefined}
          onChange={(event) => {
            setWords(event.currentTarget.value);
            setMissing(false);
          }}
        />
        {!rejecting && <InlineError error={decide.error} />}
        <Group gap="sm">
          <Button
            loading={decide.isPending && decide.variables.act === 'approve'}
            disabled={mayNotApprove !== null}
            onClick={() =>
              decide.mutate(
                { act: 'approve', input: { sha256, note: words.trim() } },
                { onSuccess: ({ state }) => notifyDone(state === 'published' ? `${subject} published` : 'Approved') },
              )
            }
          >
            {last ? 'Approve and publish' : 'Approve'}
          </Button>
          <Button
            variant="default"
            loading={decide.isPending && decide.variables.act === 'request-changes'}
            onClick={() => turnDown('request-changes')}
          >
            Ask for changes
          </Button>
          <Button
            variant="default"
            loading={decide.isPending && decide.variables.act === 'quarantine'}
            onClick={() => turnDown('quarantine')}
          >
            Hold
          </Button>
          <Button variant="default" onClick={() => setRejecting(true)}>
            Reject
          </Button>
        </Group>
      </Stack>
      <ConfirmDialog
        opened={rejecting}
        destructive
        title={`Reject ${subject}?`}
        act="Reject it"
        busy={decide.isPending}
        error={decide.error}
        onClose={() => setRejecting(false)}
        onConfirm={() => turnDown('reject')}
      >
        This package is not taken, and the author reads why. They may publish the version again with another one.
      </ConfirmDialog>
    </Section>
  );
}
