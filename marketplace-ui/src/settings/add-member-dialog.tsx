import { Button, Group, Modal, Radio, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { GroupRole } from '@patchbay/plugin-sdk/contract/rest/identity';
import { z } from 'zod';
import { fieldErrors } from '../api/api-error.ts';
import { InlineError } from '../components/inline-error.tsx';
import { notifyDone } from '../components/notify.tsx';
import { useAddMember, type MemberCreated, type NewMember } from './member-queries.ts';
import { roleWords } from './roles.ts';

interface AddMemberDialogProps {
  opened: boolean;
  roles: { value: GroupRole; label: string }[];
  onClose: () => void;
  onMade: (member: MemberCreated) => void;
}

export function AddMemberDialog({ opened, roles, onClose, onMade }: AddMemberDialogProps) {
  const add = useAddMember();
  const form = useForm<NewMember>({
    initialValues: { name: '', email: '', role: 'member' },
    validate: {
      name: (name) => (name.trim() ? null : 'Enter a name'),
      email: (email) => (z.email().safeParse(email.trim()).success ? null : 'Enter an email address'),
    },
  });
  const close = () => {
    form.reset();
    add.reset();
    onClose();
  };
  const submit = form.onSubmit(({ name, email, role }) =>
    add.mutate(
      { name: name.trim(), email: email.trim(), role },
      {
        onSuccess: (member) => {
          if (member.oneTimePassword === null) notifyDone(`${member.name} is a member, with their present password`);
          onMade(member);
          close();
        },
        onError: (error) => form.setErrors(fieldErrors(error)),
      },
    ),
  );
  return (
    <Modal
      opened={opened}
      onClose={close}
      title="Add member"
      closeButtonProps={{ 'aria-label': 'Close' }}
      styles={{ title: { fontWeight: 600, fontSize: '1rem' } }}
    >
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <InlineError error={add.error} />
          <TextInput label="Name" autoComplete="off" data-autofocus {...form.getInputProps('name')} />
          <TextInput label="Email" type="email" autoComplete="off" {...form.getInputProps('email')} />
          <Radio.Group label="Role" {...form.getInputProps('role')}>
            <Stack gap={8} mt={6}>
              {roles.map(({ value, label }) => (
                <Radio key={value} value={value} label={label} description={roleWords[value].about} />
              ))}
            </Stack>
          </Radio.Group>
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={add.isPending}>
              Add and show password
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
