import { Button, Group, Modal, Stack, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { IncidentAct } from './incident-queries.ts';

interface ActDialogProps {
  /** null: closed. */
  act: IncidentAct | null;
  number: number;
  onAct: (act: IncidentAct, note: string) => void;
  onClose: () => void;
}

const words: Record<IncidentAct, { button: string; about: string }> = {
  acknowledge: {
    button: 'Acknowledge',
    about: 'Others see that somebody looks at it. Destinations that listen are told.',
  },
  resolve: {
    button: 'Resolve',
    about: 'It is over. The next alert with the same key opens a new incident that links to this one.',
  },
  reopen: { button: 'Reopen', about: 'It is not over. Destinations that listen are told.' },
};

const NOTE_CHARS = 1000;

/** One act with an optional note. Focus is on the button, so that Enter is enough. */
export function ActDialog({ act, number, onAct, onClose }: ActDialogProps) {
  const [note, setNote] = useState('');
  const close = () => {
    setNote('');
    onClose();
  };
  return (
    <Modal
      opened={act !== null}
      onClose={close}
      title={act ? `${words[act].button} incident ${number}` : ''}
      closeButtonProps={{ 'aria-label': 'Close' }}
      styles={{ title: { fontWeight: 600, fontSize: '1rem' } }}
    >
      {act && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            onAct(act, note.trim());
            close();
          }}
        >
          <Stack gap="md">
            <span>{words[act].about}</span>
            <Textarea
              label="Note"
              description="Optional. Stays in the timeline."
              autosize
              minRows={2}
              maxRows={8}
              maxLength={NOTE_CHARS}
              value={note}
              onChange={(event) => setNote(event.currentTarget.value)}
              onKeyDown={(event) => {
                if (event.key === 'Enter' && (event.ctrlKey || event.metaKey))
                  event.currentTarget.form?.requestSubmit();
              }}
            />
            <Group justify="flex-end" gap="sm">
              <Button variant="default" onClick={close}>
                Cancel
              </Button>
              <Button type="submit" data-autofocus>
                {words[act].button}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
