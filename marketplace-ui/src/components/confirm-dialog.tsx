import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { InlineError } from './inline-error.tsx';

interface ConfirmDialogProps {
  opened: boolean;
  title: string;
  /** What will happen, and whether it can be undone. */
  children: ReactNode;
  /** Names the act: "Remove member". */
  act: string;
  destructive?: boolean;
  busy?: boolean;
  error?: unknown;
  /** Keeps the act from being pressed, while something is missing. */
  blocked?: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

/** Focus starts on the way out, so that Enter by accident does nothing. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { opened, title, children, act, destructive = false, busy = false, error, blocked = false } = props;
  return (
    <Modal
      opened={opened}
      onClose={props.onClose}
      title={title}
      closeButtonProps={{ 'aria-label': 'Close' }}
      styles={{ title: { fontWeight: 600, fontSize: '1rem' } }}
    >
      <Stack gap="md">
        <Text component="div">{children}</Text>
        <InlineError error={error} />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={props.onClose} data-autofocus>
            Cancel
          </Button>
          <Button
            {...(destructive ? { color: 'red' } : {})}
            loading={busy}
            disabled={blocked}
            onClick={props.onConfirm}
          >
            {act}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
