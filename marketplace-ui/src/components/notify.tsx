import { notifications } from '@mantine/notifications';
import { CheckCircle2, CircleX } from 'lucide-react';
import { ApiError } from '../api/api-error.ts';

/** Says that an act is done, in the past tense: "Incident 42 acknowledged". */
export function notifyDone(message: string): void {
  notifications.show({
    message,
    color: 'transparent',
    icon: <CheckCircle2 size={18} color="var(--pb-tone-good-fg)" aria-hidden="true" />,
    withBorder: true,
    closeButtonProps: { 'aria-label': 'Dismiss' },
  });
}

/** Says that an act failed: what, why, what to do, the code. */
export function notifyFailed(what: string, error: unknown): void {
  const known = error instanceof ApiError;
  notifications.show({
    title: what,
    message: known ? `${error.message} ${error.remedy} (${error.code})` : 'Something on this page failed. Try again.',
    color: 'transparent',
    icon: <CircleX size={18} color="var(--pb-tone-danger-fg)" aria-hidden="true" />,
    withBorder: true,
    closeButtonProps: { 'aria-label': 'Dismiss' },
    autoClose: 12_000,
  });
}
