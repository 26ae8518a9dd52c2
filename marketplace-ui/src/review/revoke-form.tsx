import { Button, Group, Radio, Stack, Textarea, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { notifyDone } from '../components/notify.tsx';
import { Section } from '../components/section.tsx';
import { count, joinWords } from '../consent/words.ts';
import { revocationPreviewQuery, useRevoke } from './review-queries.ts';
import classes from './review.module.css';

const route = getRouteApi('/app/review/revocations');
const TYPING_MS = 300;

/** Which versions, how, and why; what it touches is counted before it can be done. */
export function RevokeForm() {
  const search = route.useSearch();
  const [plugin, setPlugin] = useState(search.plugin ?? '');
  const [range, setRange] = useState(search.range ?? '');
  const [kind, setKind] = useState<'hard' | 'soft'>('hard');
  const [reason, setReason] = useState('');
  const [asking, setAsking] = useState(false);
  const [settled] = useDebouncedValue([plugin.trim(), range.trim()] as const, TYPING_MS);
  const ready = settled[0].includes('/') && settled[1] !== '';
  const preview = useQuery({ ...revocationPreviewQuery(...settled), enabled: ready });
  const revoke = useRevoke();
  const open = (preview.data?.versions ?? []).filter(
    ({ revoked }) => revoked === null || (kind === 'hard' && revoked === 'soft'),
  );
  const installs = open.reduce((sum, one) => sum + one.installs, 0);
  const needsSecond = kind === 'hard' && (preview.data?.hardNeedsSignOff ?? false);
  const second = secondPerson(installs, preview.data?.stoppedAlone ?? 0);
  const found = ready && preview.data !== undefined;

  return (
    <Section title="Revoke versions" hint="A reviewer’s emergency brake: hosts carry it out within seconds">
      <Stack gap="md" maw={640}>
        <TextInput
          label="Plugin"
          placeholder="namespace/name"
          value={plugin}
          onChange={(event) => setPlugin(event.currentTarget.value)}
        />
        <TextInput
          label="Versions"
          description="A version, or a range such as <1.3.0 or *"
          value={range}
          error={ready && preview.isError ? 'This is no range of versions.' : undefined}
          onChange={(event) => setRange(event.currentTarget.value)}
        />
        <Radio.Group label="How" value={kind} onChange={(next) => setKind(next === 'soft' ? 'soft' : 'hard')}>
          <Stack gap="xs" mt="xs">
            <Radio value="hard" label="Hard: it runs nowhere, and nobody can enable it" />
            <Radio value="soft" label="Soft: it is disabled, and an operator may enable it again" />
          </Stack>
        </Radio.Group>
        <Textarea
          label="Why"
          description="Every operator who has it reads this"
          autosize
          minRows={2}
          maxLength={1000}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <p className={classes.plain} role="status">
          {!found
            ? 'Name a plugin and its versions to see what that touches.'
            : open.length === 0
              ? 'No version is in this range that is not revoked already.'
              : `${count(open.length, 'version')} (${joinWords(open.map(({ version }) => version))}), ${count(installs, 'installation')}.`}
          {found && needsSecond && open.length > 0 && ` ${second}`}
        </p>
        <Group>
          <Button
            color="red"
            disabled={!found || open.length === 0 || reason.trim() === ''}
            onClick={() => setAsking(true)}
          >
            {open.length === 0 ? 'Revoke' : `Revoke ${count(open.length, 'version')}`}
          </Button>
        </Group>
      </Stack>
      <ConfirmDialog
        opened={asking}
        destructive
        title={`Revoke ${settled[0]}?`}
        act={`Revoke ${count(open.length, 'version')}`}
        busy={revoke.isPending}
        error={revoke.error}
        onClose={() => setAsking(false)}
        onConfirm={() =>
          revoke.mutate(
            { plugin: settled[0], range: settled[1], kind, reason: reason.trim() },
            {
              onSuccess: ({ revoked, signOff }) => {
                setAsking(false);
                setReason('');
                notifyDone(
                  signOff === null
                    ? `${settled[0]} ${joinWords(revoked)} revoked`
                    : `${settled[0]} is softly revoked and waits for a second reviewer`,
                );
              },
            },
          )
        }
      >
        {needsSecond ? (
          <>
            {joinWords(open.map(({ version }) => version))}: {second}
          </>
        ) : (
          <>
            {joinWords(open.map(({ version }) => version))}{' '}
            {kind === 'hard' ? 'will run nowhere any more' : 'will be disabled where they are enabled'}, in{' '}
            {count(installs, 'installation')}. A hard revocation cannot be taken back.
          </>
        )}
      </ConfirmDialog>
    </Section>
  );
}

/** What becomes of a hard revocation that one reviewer cannot make alone. */
function secondPerson(installs: number, stoppedAlone: number): string {
  const before = stoppedAlone === 0 ? '' : `, after ${stoppedAlone} that you stopped alone within 24 hours`;
  return `It touches ${count(installs, 'installation')}${before}: it is softly revoked at once, so that nobody installs it and it is disabled until an operator enables it again, and it runs nowhere when a second reviewer agrees.`;
}
