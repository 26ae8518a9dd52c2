import { useNow } from '../components/clock.ts';
import { Time } from '../components/time.tsx';

/** When a delivery is tried again: "again in 2 min", or "due now" once that has passed. */
export function NextAttempt({ at }: { at: string }) {
  const due = Date.parse(at) <= useNow(5000);
  if (due) return <>due now</>;
  return (
    <span>
      again <Time at={at} />
    </span>
  );
}
