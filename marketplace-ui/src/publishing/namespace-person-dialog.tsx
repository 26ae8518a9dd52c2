import { Button, Group, Modal, Radio, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { z } from 'zod';
import { fieldErrors } from '../api/api-error.ts';
import { InlineError } from '../components/inline-error.tsx';
import { notifyDone } from '../components/notify.tsx';
import { useSetNamespaceMember, useTransfer } from './namespace-queries.ts';

interface NamespacePersonDialogProps {
  namespace: string;
  act: 'add' | 'transfer';
  onClose: () => void;
}

/** Names somebody by the address of their account: to publish in a namespace too, or to have it. */
export function NamespacePersonDialog({ namespace, act, onClose }: NamespacePersonDialogProps) {
  const add = useSetNamespaceMember(namespace);
  const transfer = useTransfer(namespace);
  const form = useForm<{ email: string; role: 'owner' | 'member' }>({
    initialValues: { email: '', role: 'member' },
    validate: { email: (email) => (z.email().safeParse(email.trim()).success ? null : 'Enter an email address') },
  });
  const submit = form.onSubmit(({ email, role }) => {
    const address = email.trim();
    const after = {
      onSuccess: () => {
        notifyDone(act === 'add' ? `${address} publishes in ${namespace}` : `${namespace} belongs to ${address}`);
        onClose();
      },
      onError: (error: unknown) => form.setErrors(fieldErrors(error)),
    };
    if (act === 'add') add.mutate({ email: address, role }, after);
    else transfer.mutate(address, after);
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={act === 'add' ? `Add a member to ${namespace}` : `Transfer ${namespace}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
      styles={{ title: { fontWeight: 600, fontSize: '1rem' } }}
    >
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <InlineError error={act === 'add' ? add.error : transfer.error} />
          {act === 'transfer' && (
            <Text>
              They are its one owner then, and you are not. Everybody who has a plugin of it is told, and takes no
              update until they agree.
            </Text>
          )}
          <TextInput
            label="Email"
            description="Of their account here"
            type="email"
            autoComplete="off"
            data-autofocus
            {...form.getInputProps('email')}
          />
          {act === 'add' && (
            <Radio.Group label="Role" {...form.getInputProps('role')}>
              <Stack gap={8} mt={6}>
                <Radio value="member" label="Member" description="Publishes and yanks" />
                <Radio value="owner" label="Owner" description="Also decides about members, keys and transfer" />
              </Stack>
            </Radio.Group>
          )}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button
              type="submit"
              loading={add.isPending || transfer.isPending}
              {...(act === 'transfer' ? { color: 'red' } : {})}
            >
              {act === 'add' ? 'Add member' : 'Transfer'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
