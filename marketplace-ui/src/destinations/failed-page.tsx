import type { ReactNode } from 'react';
import { ErrorState } from '../components/error-state.tsx';
import { PageHeader } from '../components/page-header.tsx';

interface FailedPageProps {
  /** What the page would be about: "Integration". */
  title: string;
  error: unknown;
  crumbs?: ReactNode[];
  onRetry: () => void;
}

/** A page whose subject could not be read: still a page, with a heading and the way back. */
export function FailedPage({ title, error, crumbs, onRetry }: FailedPageProps) {
  return (
    <>
      <PageHeader title={title} {...(crumbs === undefined ? {} : { crumbs })} />
      <ErrorState error={error} onRetry={onRetry} />
    </>
  );
}
