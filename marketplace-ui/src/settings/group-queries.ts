import { groupSchema, registryMemberSchema, type RegistryRole } from '@patchbay/plugin-sdk/contract/rest/identity';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { api } from '../api/client.ts';

export function useRenameGroup() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => api.patch('/group', groupSchema, { name }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['session'] }),
  });
}

export function useCreateGroup() {
  return useMutation({ mutationFn: (name: string) => api.post('/groups', groupSchema, { name }) });
}

export const registryMembersQuery = queryOptions({
  queryKey: ['registry-members'],
  queryFn: ({ signal }) => api.get('/registry-members', z.object({ items: z.array(registryMemberSchema) }), { signal }),
});

export function useSetRegistryRoles() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ userId, roles }: { userId: string; roles: RegistryRole[] }) =>
      api.put(`/registry-members/${encodeURIComponent(userId)}`, registryMemberSchema, { roles }),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['registry-members'] }),
        client.invalidateQueries({ queryKey: ['session'] }),
      ]),
  });
}
