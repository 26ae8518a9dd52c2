import { Button } from '@mantine/core';
import { ArrowUp, Radio, RefreshCw } from 'lucide-react';
import { useLiveState } from '../api/live.tsx';
import { useNow } from './clock.ts';
import { relativeWords } from './time-words.ts';
import classes from './live-mark.module.css';

/** "Updated 3 s ago", and whether rows arrive by themselves or by asking again. */
export function LiveMark({ updatedAt }: { updatedAt: number }) {
  const state = useLiveState();
  const now = useNow();
  const Icon = state === 'polling' ? RefreshCw : Radio;
  return (
    <span className={classes.mark} title={state === 'polling' ? 'The live line dropped; asking every 5 s' : 'Live'}>
      <Icon size={13} aria-hidden="true" />
      {state === 'polling' ? 'Asking every 5 s, ' : ''}
      {updatedAt === 0 ? 'loading' : `updated ${relativeWords(updatedAt, Math.max(now, updatedAt))}`}
    </span>
  );
}

interface HeldRowsProps {
  count: number;
  noun: string;
  onShow: () => void;
}

/** Shown while new rows wait because the list is being read. */
export function HeldRows({ count, noun, onShow }: HeldRowsProps) {
  return (
    <div className={classes.held} aria-live="polite">
      {count > 0 && (
        <Button size="xs" radius="xl" leftSection={<ArrowUp size={13} />} onClick={onShow}>
          Paused while you read: show {count} new {noun}
        </Button>
      )}
    </div>
  );
}
