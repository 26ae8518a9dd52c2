import { useSession } from '../api/session.ts';

/** True for who may review what others submit to the registry. */
export function useMayReview(): boolean {
  const { registryRoles } = useSession();
  return registryRoles.includes('reviewer') || registryRoles.includes('admin');
}

/** True for who decides about namespaces, roles and switches of the registry. */
export function useRunsRegistry(): boolean {
  return useSession().registryRoles.includes('admin');
}

/** True for who may publish to the registry. */
export function useMayPublish(): boolean {
  const { registryRoles } = useSession();
  return registryRoles.includes('author') || registryRoles.includes('admin');
}
