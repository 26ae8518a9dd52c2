import { ActionIcon, Button, Group } from '@mantine/core';
import type { OwnNamespace } from '@patchbay/plugin-sdk/contract/rest/namespaces';
import { UserMinus, UserPlus } from 'lucide-react';
import { useState } from 'react';
import { useSession } from '../api/session.ts';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { DataTable, type Column } from '../components/data-table.tsx';
import { notifyDone } from '../components/notify.tsx';
import { Section } from '../components/section.tsx';
import { Time } from '../components/time.tsx';
import { count } from '../consent/words.ts';
import { useRemoveNamespaceMember } from './namespace-queries.ts';
import { LostKeyDialog } from './lost-key-dialog.tsx';
import { NamespacePersonDialog } from './namespace-person-dialog.tsx';

type Member = OwnNamespace['members'][number];

const roleWords = { owner: 'Owner', member: 'Member' } as const;

interface NamespaceMembersProps {
  namespace: OwnNamespace;
  names: Readonly<Record<string, string>>;
}

/** Who publishes in a namespace. Its owners change that. */
export function NamespaceMembers({ namespace: { namespace, role, members, keys }, names }: NamespaceMembersProps) {
  const { user } = useSession();
  const [asking, setAsking] = useState<'add' | 'transfer' | 'lost-key' | null>(null);
  const [removing, setRemoving] = useState<Member | null>(null);
  const remove = useRemoveNamespaceMember(namespace);
  const owns = role === 'owner';
  const self = user === null ? 'operator' : `user:${user.id}`;
  const nameOf = ({ member }: Member) => names[member] ?? member;

  const columns: Column<Member>[] = [
    {
      key: 'name',
      header: 'Name',
      card: 'title',
      cell: (row) => (
        <>
          {nameOf(row)}
          {row.member === self && ' (you)'}
        </>
      ),
    },
    { key: 'role', header: 'Role', width: '120px', cell: (row) => roleWords[row.role] },
    {
      key: 'added',
      header: 'Since',
      width: '130px',
      muted: true,
      card: 'labelled',
      cell: (row) => <Time at={row.addedAt} />,
    },
    {
      key: 'remove',
      header: 'Remove',
      headerHidden: true,
      width: '56px',
      align: 'end',
      cell: (row) =>
        owns || row.member === self ? (
          <ActionIcon
            aria-label={`Remove ${nameOf(row)} from ${namespace}`}
            title={`Remove ${nameOf(row)}`}
            onClick={() => setRemoving(row)}
          >
            <UserMinus size={16} />
          </ActionIcon>
        ) : null,
    },
  ];

  return (
    <Section
      title={namespace}
      hint={keys.length === 0 ? 'No key yet: the first upload of an owner enrols it' : count(keys.length, 'key')}
      flush
      actions={
        owns && (
          <Group gap="xs">
            {keys.length > 0 && (
              <Button size="xs" variant="default" onClick={() => setAsking('lost-key')}>
                Key lost
              </Button>
            )}
            <Button size="xs" variant="default" onClick={() => setAsking('transfer')}>
              Transfer
            </Button>
            <Button size="xs" leftSection={<UserPlus size={14} />} onClick={() => setAsking('add')}>
              Add member
            </Button>
          </Group>
        )
      }
    >
      <DataTable
        inset
        label={`Members of ${namespace}`}
        rows={members}
        rowKey={({ member }) => member}
        columns={columns}
      />
      {asking === 'lost-key' && <LostKeyDialog namespace={namespace} onClose={() => setAsking(null)} />}
      {(asking === 'add' || asking === 'transfer') && (
        <NamespacePersonDialog namespace={namespace} act={asking} onClose={() => setAsking(null)} />
      )}
      <ConfirmDialog
        opened={removing !== null}
        title={`Remove ${removing === null ? '' : nameOf(removing)}`}
        act="Remove member"
        destructive
        busy={remove.isPending}
        error={remove.error}
        onClose={() => {
          remove.reset();
          setRemoving(null);
        }}
        onConfirm={() =>
          removing &&
          remove.mutate(removing.member, {
            onSuccess: () => {
              notifyDone(`${nameOf(removing)} no longer publishes in ${namespace}`);
              setRemoving(null);
            },
          })
        }
      >
        They can no longer publish in {namespace}. What they published stays.
      </ConfirmDialog>
    </Section>
  );
}
