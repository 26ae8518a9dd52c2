import { memberSchema, type GroupRole } from '@patchbay/plugin-sdk/contract/rest/identity';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { api } from '../api/client.ts';

const memberCreatedSchema = memberSchema.extend({
  /** null when the person had an account already and keeps their password. */
  oneTimePassword: z.string().nullable(),
});
export type MemberCreated = z.infer<typeof memberCreatedSchema>;

export interface NewMember {
  name: string;
  email: string;
  role: GroupRole;
}

export function useAddMember() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (member: NewMember) => api.post('/members', memberCreatedSchema, member),
    onSuccess: () => client.invalidateQueries({ queryKey: ['members'] }),
  });
}

export function useSetRole() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ userId, role }: { userId: string; role: GroupRole }) =>
      api.patch(`/members/${encodeURIComponent(userId)}`, memberSchema, { role }),
    onSettled: () => client.invalidateQueries({ queryKey: ['members'] }),
  });
}

export function useRemoveMember() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (userId: string) => api.delete(`/members/${encodeURIComponent(userId)}`),
    onSuccess: () => client.invalidateQueries({ queryKey: ['members'] }),
  });
}
