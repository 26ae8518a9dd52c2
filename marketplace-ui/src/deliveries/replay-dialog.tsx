import { Radio, Stack } from '@mantine/core';
import { useState } from 'react';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { useReplayDelivery, type ReplayMode } from './delivery-queries.ts';

interface ReplayDialogProps {
  id: string;
  opened: boolean;
  /** A webhook has one request and nothing to resume. */
  kind: 'connector' | 'webhook';
  onClose: () => void;
}

/** Resuming is safe and comes first; from nothing says that it repeats what was done. */
export function ReplayDialog({ id, opened, kind, onClose }: ReplayDialogProps) {
  const [mode, setMode] = useState<ReplayMode>('resume');
  const replay = useReplayDelivery(id);
  return (
    <ConfirmDialog
      opened={opened}
      title="Replay this delivery"
      act={kind === 'webhook' ? 'Send again' : mode === 'resume' ? 'Resume' : 'Replay from nothing'}
      destructive={kind === 'connector' && mode === 'from-nothing'}
      busy={replay.isPending}
      error={replay.error}
      onConfirm={() => replay.mutate(mode, { onSuccess: onClose })}
      onClose={onClose}
    >
      {kind === 'webhook' ? (
        'The same message with the same id is sent to the webhook again. A receiver that keeps ids sees that it is a repetition.'
      ) : (
        <Radio.Group label="Where to start" value={mode} onChange={(value) => setMode(value)}>
          <Stack gap="sm" mt={6}>
            <Radio
              value="resume"
              label="Resume"
              description="Requests that were answered are not sent again; the plugin goes on from where it stopped."
            />
            <Radio
              value="from-nothing"
              label="From nothing"
              description="Forgets every answer and does all of it again. This repeats side effects: a ticket or comment that was made may be made twice."
            />
          </Stack>
        </Radio.Group>
      )}
    </ConfirmDialog>
  );
}
