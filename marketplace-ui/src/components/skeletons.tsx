import { Skeleton, Stack } from '@mantine/core';

/** Rows of a table that is on its way. */
export function TableSkeleton({ rows = 8 }: { rows?: number }) {
  return (
    <div role="status" aria-label="Loading">
      <Stack gap={1}>
        {Array.from({ length: rows }, (_, at) => (
          <Skeleton key={at} height={35} radius={at === 0 ? 'md' : 0} style={{ opacity: 1 - at / (rows + 2) }} />
        ))}
      </Stack>
    </div>
  );
}

/** A page with a title, a line of facts and a body. */
export function PageSkeleton() {
  return (
    <div role="status" aria-label="Loading">
      <Stack gap="md">
        <Skeleton height={28} width="min(420px, 70%)" />
        <Skeleton height={18} width="min(280px, 50%)" />
        <Skeleton height={120} mt="sm" radius="lg" />
        <Skeleton height={220} radius="lg" />
      </Stack>
    </div>
  );
}
