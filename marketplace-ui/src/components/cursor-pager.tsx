import { Button } from '@mantine/core';

interface CursorPagerProps {
  /** How many rows are on the screen. */
  shown: number;
  /** "incidents" */
  noun: string;
  hasMore: boolean;
  loading: boolean;
  onMore: () => void;
}

/** The end of a list: how much is shown, and the way to more. */
export function CursorPager({ shown, noun, hasMore, loading, onMore }: CursorPagerProps) {
  return (
    <div
      style={{
        display: 'flex',
        alignItems: 'center',
        gap: 12,
        padding: '12px 0',
        color: 'var(--pb-text-muted)',
        fontSize: '0.8125rem',
      }}
    >
      <span className="tabular">{hasMore ? `The newest ${shown} ${noun}` : `${shown} ${noun}`}</span>
      {hasMore && (
        <Button variant="default" size="xs" loading={loading} onClick={onMore}>
          Load more
        </Button>
      )}
    </div>
  );
}
