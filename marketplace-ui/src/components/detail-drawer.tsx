import { Drawer } from '@mantine/core';
import type { ReactNode } from 'react';

interface DetailDrawerProps {
  /** null: closed. */
  title: string | null;
  onClose: () => void;
  children: ReactNode;
}

/** Details beside the page; Esc closes, focus goes back to what opened it. The whole width on a phone. */
export function DetailDrawer({ title, onClose, children }: DetailDrawerProps) {
  return (
    <Drawer
      opened={title !== null}
      onClose={onClose}
      title={title}
      position="right"
      size="min(600px, 100vw)"
      padding="lg"
      closeButtonProps={{ 'aria-label': 'Close details' }}
      styles={{
        title: { fontWeight: 600, fontSize: '1rem' },
        content: { background: 'var(--pb-raised)' },
        header: { background: 'var(--pb-raised)' },
      }}
      overlayProps={{ backgroundOpacity: 0.35 }}
    >
      {children}
    </Drawer>
  );
}
