import { Button, Group, Modal, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { CodeBlock } from './code-block.tsx';

interface ShownOnceProps {
  /** null: closed. */
  secret: string | null;
  title: string;
  /** Names the secret: "token". */
  label: string;
  children: ReactNode;
  onClose: () => void;
}

/** A secret on the only occasion on which it can be seen. Only its own button closes it, never a slip of the hand. */
export function ShownOnce({ secret, title, label, children, onClose }: ShownOnceProps) {
  return (
    <Modal
      opened={secret !== null}
      onClose={onClose}
      title={title}
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
      styles={{ title: { fontWeight: 600, fontSize: '1rem' } }}
    >
      <Stack gap="md">
        <div>{children}</div>
        <CodeBlock text={secret ?? ''} label={label} />
        <Group justify="flex-end">
          <Button onClick={onClose}>I have copied it</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
