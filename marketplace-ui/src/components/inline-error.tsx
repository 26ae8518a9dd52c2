import { Alert } from '@mantine/core';
import { CircleX } from 'lucide-react';
import { ApiError } from '../api/api-error.ts';

/** Why a form could not be sent; null shows nothing. */
export function InlineError({ error }: { error: unknown }) {
  if (error === null || error === undefined) return null;
  const known = error instanceof ApiError;
  return (
    <Alert
      role="alert"
      variant="light"
      color="red"
      icon={<CircleX size={18} />}
      title={known ? error.message : 'Something on this page failed'}
    >
      {known ? error.remedy : 'Try again; if it stays, reload the page.'}
      {known && error.details.length > 0 && (
        <ul style={{ margin: '4px 0 0', paddingInlineStart: 18 }}>
          {error.details.map(({ path, message }, at) => (
            <li key={at}>
              <span className="mono">{path}</span> {message}
            </li>
          ))}
        </ul>
      )}
      {known && (
        <div className="mono" style={{ fontSize: '0.75rem', color: 'var(--pb-text-muted)', marginTop: 4 }}>
          {error.code}
          {error.requestId ? ` · ${error.requestId}` : ''}
        </div>
      )}
    </Alert>
  );
}
