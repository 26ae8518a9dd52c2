import { Button, Checkbox, Group, Modal, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { tokenScopes, type TokenScope } from '@patchbay/plugin-sdk/contract/rest/identity';
import { namespaceSchema } from '@patchbay/plugin-sdk/contract/plugin-id';
import { fieldErrors } from '../api/api-error.ts';
import { InlineError } from '../components/inline-error.tsx';
import { useHasRole } from '../api/session.ts';
import { useMayPublish } from '../review/use-registry-role.ts';
import { scopeWords } from './roles.ts';
import { useCreateToken } from './token-queries.ts';

interface CreateTokenDialogProps {
  opened: boolean;
  onClose: () => void;
  /** The token itself, which cannot be read again. */
  onMade: (token: string) => void;
}

const NEVER = 'never';
const PUBLISH: TokenScope = 'publish';
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
  const mayPublish = useMayPublish();
  const may: Record<TokenScope, boolean> = { read: true, write: isMember, admin: isAdmin, publish: mayPublish };
  const scopes = tokenScopes.filter((scope) => may[scope]);
  const form = useForm({
    initialValues: { name: '', scopes: ['read'] as string[], namespace: '', expires: '90' },
    validate: {
      name: (name) => (name.trim() ? null : 'Enter a name that says who uses it'),
      scopes: (chosen) => {
        if (chosen.length === 0) return 'Choose at least one';
        return chosen.includes(PUBLISH) && chosen.length > 1 ? 'A token that publishes can do nothing else' : null;
      },
      namespace: (namespace, { scopes: chosen }) =>
        !chosen.includes(PUBLISH) || namespaceSchema.safeParse(namespace.trim()).success
          ? null
          : 'Enter the first half of the plugin’s id, such as “acme”',
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
        namespace: values.scopes.includes(PUBLISH) ? values.namespace.trim() : null,
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
          {form.values.scopes.includes(PUBLISH) && (
            <TextInput
              label="Namespace"
              description="The only one for which it uploads"
              autoComplete="off"
              {...form.getInputProps('namespace')}
            />
          )}
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
