import { useQueryErrorResetBoundary } from '@tanstack/react-query';
import { useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { ErrorState } from '../components/error-state.tsx';

/** What the router shows when a page failed to load or to draw. */
export function CrashScreen({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const { reset: resetQueries } = useQueryErrorResetBoundary();
  return (
    <main style={{ maxWidth: 720, margin: '48px auto', padding: 16 }}>
      <ErrorState
        error={error}
        onRetry={() => {
          resetQueries();
          reset();
          void router.invalidate();
        }}
      />
    </main>
  );
}
