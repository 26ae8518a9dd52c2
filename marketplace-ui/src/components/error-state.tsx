import { Button } from '@mantine/core';
import { RotateCw, Unplug } from 'lucide-react';
import { ApiError } from '../api/api-error.ts';
import { EmptyState } from './empty-state.tsx';
import classes from './state-panel.module.css';

interface ErrorStateProps {
  error: unknown;
  onRetry?: () => void;
  inset?: boolean;
}

/** What happened, why, what to do, and the code small beside it. A missing right says whom to ask. */
export function ErrorState({ error, onRetry, inset = false }: ErrorStateProps) {
  if (error instanceof ApiError && error.status === 403) {
    return (
      <EmptyState kind="no-right" title="You may not see this" inset={inset}>
        {error.message} {error.remedy}
        <Code error={error} />
      </EmptyState>
    );
  }
  const { title, text } = wordsOf(error);
  // Asking again for what is not there finds nothing again.
  const mayHelp = !(error instanceof ApiError && error.status === 404);
  return (
    <section className={inset ? classes.inset : classes.panel} role="alert">
      <Unplug size={28} strokeWidth={1.5} aria-hidden="true" />
      <h2 className={classes.title}>{title}</h2>
      <p className={classes.text}>{text}</p>
      {onRetry && mayHelp && (
        <div className={classes.actions}>
          <Button variant="default" leftSection={<RotateCw size={14} />} onClick={onRetry}>
            Try again
          </Button>
        </div>
      )}
      {error instanceof ApiError && <Code error={error} />}
    </section>
  );
}

function Code({ error }: { error: ApiError }) {
  return (
    <div className={`${classes.code} mono`}>
      {error.code}
      {error.requestId ? ` · ${error.requestId}` : ''}
    </div>
  );
}

function wordsOf(error: unknown): { title: string; text: string } {
  if (error instanceof ApiError) return { title: error.message, text: error.remedy };
  return {
    title: 'This part of the page failed',
    text: 'Try again; if it stays, reload the page and tell the operator.',
  };
}
