import { ButtonLink } from '../components/link.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { PageHeader } from '../components/page-header.tsx';

export function NotFound() {
  return (
    <>
      <PageHeader title="Not found" />
      <EmptyState
        kind="nothing"
        title="There is nothing at this address"
        action={<ButtonLink to="/incidents">Go to incidents</ButtonLink>}
      >
        The link may be old, or it leads to another group. Press Ctrl K (or ⌘ K) to find what you look for.
      </EmptyState>
    </>
  );
}
