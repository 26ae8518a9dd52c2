import { Checkbox, Group } from '@mantine/core';
import { registryRoles, type RegistryMember, type RegistryRole } from '@patchbay/plugin-sdk/contract/rest/identity';
import { useQuery } from '@tanstack/react-query';
import { useSession } from '../api/session.ts';
import { DataTable, type Column } from '../components/data-table.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { notifyDone, notifyFailed } from '../components/notify.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { TableSkeleton } from '../components/skeletons.tsx';
import { registryMembersQuery, useSetRegistryRoles } from './group-queries.ts';

/** Who publishes and reviews plugins in the registry of this host. */
export function RegistryMembersPage() {
  const isAdmin = useSession().registryRoles.includes('admin');
  return (
    <>
      <PageHeader
        title="Registry roles"
        about="Authors publish plugins, reviewers approve those of others, admins do both and give these roles."
      />
      {isAdmin ? (
        <RegistryMembers />
      ) : (
        <EmptyState kind="no-right" title="Only admins of the registry give its roles">
          Ask whoever set up this host.
        </EmptyState>
      )}
    </>
  );
}

function RegistryMembers() {
  const members = useQuery(registryMembersQuery);
  const setRoles = useSetRegistryRoles();
  if (members.error) return <ErrorState error={members.error} onRetry={() => void members.refetch()} />;
  if (!members.data) return <TableSkeleton rows={4} />;

  const change = (member: RegistryMember, role: RegistryRole, has: boolean) =>
    setRoles.mutate(
      { userId: member.userId, roles: has ? [...member.roles, role] : member.roles.filter((one) => one !== role) },
      {
        onSuccess: () => notifyDone(`${member.name} is ${has ? 'now' : 'no longer'} ${role} of the registry`),
        onError: (error) => notifyFailed(`The roles of ${member.name} were not changed`, error),
      },
    );
  const columns: Column<RegistryMember>[] = [
    {
      key: 'name',
      header: 'Name',
      card: 'title',
      cell: ({ name }) => <span style={{ fontWeight: 500 }}>{name}</span>,
    },
    { key: 'email', header: 'Email', muted: true, cell: ({ email }) => email },
    {
      key: 'roles',
      header: 'Roles',
      cell: (member) => (
        <Group gap="md">
          {registryRoles.map((role) => (
            <Checkbox
              key={role}
              size="xs"
              label={role}
              aria-label={`${member.name}: ${role}`}
              checked={member.roles.includes(role)}
              disabled={setRoles.isPending}
              onChange={(event) => change(member, role, event.currentTarget.checked)}
            />
          ))}
        </Group>
      ),
    },
  ];
  return (
    <DataTable
      label="People and their roles in the registry"
      columns={columns}
      rows={members.data.items}
      rowKey={({ userId }) => userId}
    />
  );
}
