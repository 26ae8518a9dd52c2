import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { InlineError } from '../components/inline-error.tsx';
import { notifyDone } from '../components/notify.tsx';
import { CodeBlock } from '../components/code-block.tsx';
import { useReportLostKey } from './namespace-queries.ts';

interface LostKeyDialogProps {
  namespace: string;
  onClose: () => void;
}

/** An owner who no longer has the signing key asks for another one. */
export function LostKeyDialog({ namespace, onClose }: LostKeyDialogProps) {
  const [publicKey, setPublicKey] = useState('');
  const [reason, setReason] = useState('');
  const report = useReportLostKey(namespace);
  return (
    <Modal
      opened
      onClose={onClose}
      title={`The key of ${namespace} is lost`}
      closeButtonProps={{ 'aria-label': 'Close' }}
      styles={{ title: { fontWeight: 600, fontSize: '1rem' } }}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          report.mutate(
            { publicKey: publicKey.trim(), reason: reason.trim() },
            {
              onSuccess: () => {
                notifyDone('An admin of the registry decides about the new key');
                onClose();
              },
            },
          );
        }}
      >
        <Stack gap="md">
          <Text>
            An admin of the registry decides whether a new key takes its place. Until then nothing can be published in{' '}
            {namespace}; what is installed goes on running. If you still have the key, rotate it instead.
          </Text>
          <Text>This makes a key and asks for it at once:</Text>
          <CodeBlock
            label="Asking from the command line"
            text={`patchbay lost-key ${namespace} --next new-key.pem --reason "..."`}
          />
          <InlineError error={report.error} />
          <Textarea
            label="Public half of the new key"
            description="Or paste it here: Ed25519, in PEM"
            placeholder="-----BEGIN PUBLIC KEY-----"
            classNames={{ input: 'mono' }}
            autosize
            minRows={3}
            maxLength={4096}
            value={publicKey}
            onChange={(event) => setPublicKey(event.currentTarget.value)}
          />
          <Textarea
            label="What became of the old key"
            description="Whether somebody else may have it decides about what it signed"
            autosize
            minRows={2}
            maxLength={1000}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={report.isPending} disabled={publicKey.trim() === '' || reason.trim() === ''}>
              Ask for the new key
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
