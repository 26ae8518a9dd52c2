import { useQuery } from '@tanstack/react-query';
import { ErrorState } from '../components/error-state.tsx';
import { TableSkeleton } from '../components/skeletons.tsx';
import { ClaimNamespace } from './claim-namespace.tsx';
import { NamespaceMembers } from './namespace-members.tsx';
import { ownNamespacesQuery } from './namespace-queries.ts';
import { OwnRequests } from './own-requests.tsx';
import classes from './publishing.module.css';

/** The namespaces in which one publishes, with who else does, and a way to another one. */
export function NamespacesTab() {
  const query = useQuery(ownNamespacesQuery);
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (query.isPending) return <TableSkeleton rows={4} />;
  const { items, requests, names } = query.data;
  return (
    <div className={classes.stack}>
      {items.map((one) => (
        <NamespaceMembers key={one.namespace} namespace={one} names={names} />
      ))}
      <OwnRequests requests={requests} />
      <ClaimNamespace />
    </div>
  );
}
