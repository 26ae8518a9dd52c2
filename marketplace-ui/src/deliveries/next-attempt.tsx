import type { Delivery } from '@patchbay/plugin-sdk/contract/rest/deliveries';
import { useNow } from '../components/clock.ts';
import { Time } from '../components/time.tsx';

/** When a delivery is tried again: "again in 2 min", "due now" once that has passed, or not before somebody resumes. */
export function NextAttempt({ at, destinationState }: { at: string } & Pick<Delivery, 'destinationState'>) {
  const due = Date.parse(at) <= useNow(5000);
  if (destinationState !== 'active') return <>waits until resumed</>;
  if (due) return <>due now</>;
  return (
    <span>
      again <Time at={at} />
    </span>
  );
}
