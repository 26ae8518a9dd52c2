import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { fieldErrors } from '../api/api-error.ts';
import { chooseGroup } from '../api/group.ts';
import { useHasRole, useSession } from '../api/session.ts';
import { CopyText } from '../components/copy-button.tsx';
import { Facts } from '../components/facts.tsx';
import { InlineError } from '../components/inline-error.tsx';
import { notifyDone } from '../components/notify.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { Section } from '../components/section.tsx';
import { useRenameGroup } from './group-queries.ts';
import { NewGroupDialog } from './new-group-dialog.tsx';
import { roleWords } from './roles.ts';

/** The group at hand, the others, and a new one. */
export function GroupPage() {
  const { group, groups } = useSession();
  const isOwner = useHasRole('owner');
  const [adding, setAdding] = useState(false);
  const rename = useRenameGroup();
  const form = useForm({
    initialValues: { name: group.name },
    validate: { name: (name) => (name.trim() ? null : 'Enter a name') },
  });
  const submit = form.onSubmit(({ name }) =>
    rename.mutate(name.trim(), {
      onSuccess: (renamed) => notifyDone(`The group is called ${renamed.name}`),
      onError: (error) => form.setErrors(fieldErrors(error)),
    }),
  );
  return (
    <>
      <PageHeader
        title="Group"
        about="Services, plugins, incidents and members belong to one group; no group sees anything of another."
        actions={
          isOwner && (
            <Button variant="default" leftSection={<Plus size={15} />} onClick={() => setAdding(true)}>
              New group
            </Button>
          )
        }
      />
      <Stack gap="md" maw={720}>
        <Section title={group.name}>
          {isOwner ? (
            <form onSubmit={submit} noValidate>
              <Stack gap="md">
                <InlineError error={rename.error} />
                <TextInput label="Name" autoComplete="off" maxLength={80} {...form.getInputProps('name')} />
                <Group justify="flex-end">
                  <Button type="submit" loading={rename.isPending} disabled={form.values.name.trim() === group.name}>
                    Rename
                  </Button>
                </Group>
              </Stack>
            </form>
          ) : (
            <Facts
              entries={[
                ['Your role', roleWords[group.role].long],
                ['Id', <CopyText key="id" text={group.id} label="Copy the id of the group" />],
              ]}
            />
          )}
        </Section>
        {groups.length > 1 && (
          <Section title="Your groups">
            <Stack gap="sm">
              {groups.map((one) => (
                <Group key={one.id} justify="space-between">
                  <span>
                    {one.name}{' '}
                    <span style={{ color: 'var(--pb-text-muted)' }}>· {roleWords[one.role].label.toLowerCase()}</span>
                  </span>
                  {one.id === group.id ? (
                    <span style={{ color: 'var(--pb-text-muted)' }}>You are here</span>
                  ) : (
                    <Button
                      size="xs"
                      variant="default"
                      aria-label={`Go to ${one.name}`}
                      onClick={() => chooseGroup(one.id)}
                    >
                      Go there
                    </Button>
                  )}
                </Group>
              ))}
            </Stack>
          </Section>
        )}
      </Stack>
      <NewGroupDialog opened={adding} onClose={() => setAdding(false)} />
    </>
  );
}
