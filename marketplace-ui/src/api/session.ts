import {
  groupRoles,
  sessionSchema,
  setupStateSchema,
  type GroupRole,
  type Session,
} from '@patchbay/plugin-sdk/contract/rest/identity';
import { queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import { api } from './client.ts';

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => api.get('/session', sessionSchema, { signal }),
  staleTime: 60_000,
  refetchInterval: 120_000,
});

export const setupQuery = queryOptions({
  queryKey: ['setup'],
  queryFn: ({ signal }) => api.get('/setup', setupStateSchema, { signal }),
  staleTime: 0,
});

/** The signed-in session. Only below the shell, whose route loads it first. */
export function useSession(): Session {
  return useSuspenseQuery(sessionQuery).data;
}

/** True when the viewer's role in this group is at least `role` (owner > admin > member > viewer). */
export function useHasRole(role: GroupRole): boolean {
  const { group } = useSession();
  return groupRoles.indexOf(group.role) <= groupRoles.indexOf(role);
}
