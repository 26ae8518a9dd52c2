import { useQuery } from '@tanstack/react-query';
import { Actor } from '../components/actor.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { Section } from '../components/section.tsx';
import { TableSkeleton } from '../components/skeletons.tsx';
import { Time } from '../components/time.tsx';
import { checkChangesQuery } from './check-queries.ts';
import classes from './review.module.css';

/** Who turned which switch, when and why: entries of the decision log. */
export function CheckChanges() {
  const query = useQuery(checkChangesQuery);
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (query.isPending) return <TableSkeleton rows={2} />;
  return (
    <Section title="Changes" hint="Of the newest 200 entries of the decision log">
      {query.data.length === 0 ? (
        <p className={classes.plain}>Nobody has turned a switch.</p>
      ) : (
        <ol className={classes.events}>
          {query.data.map(({ seq, at, actor, subject, details }) => (
            <li key={seq}>
              <span className="mono">{subject}</span> is {stateOf(details)} <Time at={at} />{' '}
              <span className={classes.quiet}>by</span> <Actor name={actor} />{' '}
              <span className={classes.quiet}>entry {seq}</span>
              <p className={classes.reason}>{details.reason}</p>
            </li>
          ))}
        </ol>
      )}
    </Section>
  );
}

function stateOf({ enabled, enforced, required }: { enabled: boolean; enforced: boolean; required: boolean }): string {
  if (!enabled) return 'not made';
  return `made, ${enforced ? 'enforced' : 'not enforced'}, ${required ? 'required' : 'not required'}`;
}
