import { Button, Checkbox, Group, Modal, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { tokenScopes, type TokenScope } from '@patchbay/plugin-sdk/contract/rest/identity';
import { fieldErrors } from '../api/api-error.ts';
import { InlineError } from '../components/inline-error.tsx';
import { useHasRole } from '../api/session.ts';
import { scopeWords } from './roles.ts';
import { useCreateToken } from './token-queries.ts';

interface CreateTokenDialogProps {
  opened: boolean;
  onClose: () => void;
  /** The token itself, which cannot be read again. */
  onMade: (token: string) => void;
}

const NEVER = 'never';
const expiries = [
  { value: '7', label: 'In 7 days' },
  { value: '30', label: 'In 30 days' },
  { value: '90', label: 'In 90 days' },
  { value: '365', label: 'In a year' },
  { value: NEVER, label: 'Never' },
];

export function CreateTokenDialog({ opened, onClose, onMade }: CreateTokenDialogProps) {
  const create = useCreateToken();
  const isMember = useHasRole('member');
  const isAdmin = useHasRole('admin');
  const scopes = tokenScopes.filter((scope) => scope === 'read' || (scope === 'write' ? isMember : isAdmin));
  const form = useForm({
    initialValues: { name: '', scopes: ['read'] as string[], expires: '90' },
    validate: {
      name: (name) => (name.trim() ? null : 'Enter a name that says who uses it'),
      scopes: (chosen) => (chosen.length > 0 ? null : 'Choose at least one'),
    },
  });
  const close = () => {
    form.reset();
    create.reset();
    onClose();
  };
  const submit = form.onSubmit((values) =>
    create.mutate(
      {
        name: values.name.trim(),
        scopes: values.scopes as TokenScope[],
        expiresInDays: values.expires === NEVER ? null : Number(values.expires),
      },
      {
        onSuccess: ({ token }) => {
          close();
          onMade(token);
        },
        onError: (error) => form.setErrors(fieldErrors(error)),
      },
    ),
  );
  return (
    <Modal
      opened={opened}
      onClose={close}
      title="Create token"
      closeButtonProps={{ 'aria-label': 'Close' }}
      styles={{ title: { fontWeight: 600, fontSize: '1rem' } }}
    >
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <InlineError error={create.error} />
          <TextInput
            label="Name"
            description="Who or what uses it, such as “CI smoke test”"
            autoComplete="off"
            data-autofocus
            {...form.getInputProps('name')}
          />
          <Checkbox.Group label="What it may do" {...form.getInputProps('scopes')}>
            <Stack gap={8} mt={6}>
              {scopes.map((scope) => (
                <Checkbox
                  key={scope}
                  value={scope}
                  label={scopeWords[scope].label}
                  description={scopeWords[scope].about}
                />
              ))}
            </Stack>
          </Checkbox.Group>
          <NativeSelect label="Expires" data={expiries} {...form.getInputProps('expires')} />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={create.isPending}>
              Create token
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
