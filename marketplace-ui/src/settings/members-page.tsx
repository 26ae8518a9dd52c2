import { ActionIcon, Button, NativeSelect } from '@mantine/core';
import type { GroupRole, Member } from '@patchbay/plugin-sdk/contract/rest/identity';
import { useQuery } from '@tanstack/react-query';
import { UserMinus, UserPlus } from 'lucide-react';
import { useState } from 'react';
import { membersQuery } from '../api/members.ts';
import { useHasRole, useSession } from '../api/session.ts';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { DataTable, type Column } from '../components/data-table.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { notifyDone, notifyFailed } from '../components/notify.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { ShownOnce } from '../components/shown-once.tsx';
import { TableSkeleton } from '../components/skeletons.tsx';
import { Time } from '../components/time.tsx';
import { AddMemberDialog } from './add-member-dialog.tsx';
import { useRemoveMember, useSetRole, type MemberCreated } from './member-queries.ts';
import { rolesUpTo, roleWords } from './roles.ts';

export function MembersPage() {
  const { user, group } = useSession();
  const mayManage = useHasRole('admin');
  const members = useQuery(membersQuery);
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<MemberCreated | null>(null);
  const [removing, setRemoving] = useState<Member | null>(null);
  const remove = useRemoveMember();
  const setRole = useSetRole();
  const roles = rolesUpTo(group.role);

  /** Nobody touches a role above their own; everybody's own stays for somebody else to change. */
  const mayChange = (member: Member) =>
    mayManage && member.userId !== user?.id && roles.some((role) => role.value === member.role);

  const changeRole = (member: Member, role: GroupRole) =>
    setRole.mutate(
      { userId: member.userId, role },
      {
        onSuccess: () => notifyDone(`${member.name} is now ${roleWords[role].label.toLowerCase()}`),
        onError: (error) => notifyFailed(`The role of ${member.name} was not changed`, error),
      },
    );

  const columns: Column<Member>[] = [
    {
      key: 'name',
      header: 'Name',
      card: 'title',
      cell: (row) => (
        <>
          <span style={{ fontWeight: 500 }}>{row.name}</span>
          {row.userId === user?.id && <span style={{ color: 'var(--pb-text-muted)' }}> (you)</span>}
        </>
      ),
    },
    { key: 'email', header: 'Email', muted: true, cell: (row) => row.email },
    {
      key: 'role',
      header: 'Role',
      width: '150px',
      cell: (row) =>
        mayChange(row) ? (
          <NativeSelect
            size="xs"
            aria-label={`Role of ${row.name}`}
            data={roles}
            value={row.role}
            onChange={(event) => changeRole(row, event.currentTarget.value as GroupRole)}
          />
        ) : (
          <span title={roleWords[row.role].about}>{roleWords[row.role].label}</span>
        ),
    },
    {
      key: 'joined',
      header: 'Joined',
      width: '120px',
      align: 'end',
      muted: true,
      card: 'labelled',
      cell: (row) => <Time at={row.joinedAt} />,
    },
    {
      key: 'remove',
      header: 'Remove',
      headerHidden: true,
      width: '56px',
      align: 'end',
      cell: (row) =>
        mayChange(row) ? (
          <ActionIcon aria-label={`Remove ${row.name}`} title={`Remove ${row.name}`} onClick={() => setRemoving(row)}>
            <UserMinus size={16} />
          </ActionIcon>
        ) : null,
    },
  ];

  return (
    <>
      <PageHeader
        title="Members"
        about={`Who belongs to ${group.name}, and what they may do.`}
        actions={
          mayManage && (
            <Button leftSection={<UserPlus size={15} />} onClick={() => setAdding(true)}>
              Add member
            </Button>
          )
        }
      />
      {members.error ? (
        <ErrorState error={members.error} onRetry={() => void members.refetch()} />
      ) : members.data ? (
        <DataTable label="Members" columns={columns} rows={members.data.items} rowKey={(row) => row.userId} />
      ) : (
        <TableSkeleton rows={4} />
      )}
      <AddMemberDialog opened={adding} roles={roles} onClose={() => setAdding(false)} onMade={setMade} />
      <ShownOnce
        secret={made?.oneTimePassword ?? null}
        title={`${made?.name ?? ''} is a member`}
        label="Password"
        onClose={() => setMade(null)}
      >
        Give {made?.email} this password on a safe way. It is shown only now.
      </ShownOnce>
      <ConfirmDialog
        opened={removing !== null}
        title={`Remove ${removing?.name ?? ''}`}
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
          remove.mutate(removing.userId, {
            onSuccess: () => {
              notifyDone(`${removing.name} was removed`);
              setRemoving(null);
            },
          })
        }
      >
        {removing?.email} can no longer see or change anything in {group.name}. What they did stays in the audit log.
      </ConfirmDialog>
    </>
  );
}
