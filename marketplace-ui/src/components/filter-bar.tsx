import { Group } from '@mantine/core';
import type { ReactNode } from 'react';

/** Filters above a table; `end` holds the live mark. */
export function FilterBar({ children, end }: { children: ReactNode; end?: ReactNode }) {
  return (
    <Group gap={8} mb={10} role="search" aria-label="Filters">
      {children}
      {end && <span style={{ marginInlineStart: 'auto' }}>{end}</span>}
    </Group>
  );
}
