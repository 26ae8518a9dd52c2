import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { fieldErrors } from '../api/api-error.ts';
import { chooseGroup } from '../api/group.ts';
import { InlineError } from '../components/inline-error.tsx';
import { useCreateGroup } from './group-queries.ts';

/** Makes a group and goes there: what is on the screen belongs to the former one. */
export function NewGroupDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const create = useCreateGroup();
  const form = useForm({
    initialValues: { name: '' },
    validate: { name: (name) => (name.trim() ? null : 'Enter a name') },
  });
  const close = () => {
    form.reset();
    create.reset();
    onClose();
  };
  const submit = form.onSubmit(({ name }) =>
    create.mutate(name.trim(), {
      onSuccess: ({ id }) => chooseGroup(id),
      onError: (error) => form.setErrors(fieldErrors(error)),
    }),
  );
  return (
    <Modal
      opened={opened}
      onClose={close}
      title="New group"
      closeButtonProps={{ 'aria-label': 'Close' }}
      styles={{ title: { fontWeight: 600, fontSize: '1rem' } }}
    >
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <InlineError error={create.error} />
          <TextInput
            label="Name"
            description="You are its owner. It starts without plugins and without other members."
            autoComplete="off"
            maxLength={80}
            data-autofocus
            {...form.getInputProps('name')}
          />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={create.isPending}>
              Create and go there
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
