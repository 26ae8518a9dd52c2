import { useQuery } from '@tanstack/react-query';
import { CheckCircle2, TriangleAlert } from 'lucide-react';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { JsonView } from '../components/json-view.tsx';
import { Section } from '../components/section.tsx';
import { TableSkeleton } from '../components/skeletons.tsx';
import { Status } from '../components/status.tsx';
import { count } from '../consent/words.ts';
import { behaviourQuery } from './review-queries.ts';
import classes from './review.module.css';

/** What both versions make of the fixtures of both, requests and changes alike, run in the sandbox now. */
export function BehaviourSection({ id, before }: { id: string; before: string | null }) {
  const query = useQuery(behaviourQuery(id));
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (query.isPending) return <TableSkeleton rows={4} />;
  const { items } = query.data;
  if (items.length === 0)
    return (
      <EmptyState kind="nothing" title="There is nothing to run">
        Neither version has a fixture. A connector need not have any: read its source and its permissions instead.
      </EmptyState>
    );
  const different = items.filter(({ differs }) => differs).length;
  const hint =
    before === null
      ? 'The first version: there is nothing to compare with'
      : different === 0
        ? `Both give the same for all ${count(items.length, 'fixture')}`
        : `${different} of ${count(items.length, 'fixture')} differ`;
  return (
    <Section title="Behaviour" hint={hint}>
      <ul className={classes.checks}>
        {items.map(({ fixture, description, before: old, after, differs }) => (
          <li key={fixture} className={classes.check}>
            <div className={classes.checkHead}>
              {differs ? (
                <Status word="Different" tone="caution" icon={TriangleAlert} />
              ) : (
                <Status
                  word={old === null ? 'New' : 'Same'}
                  tone={old === null ? 'neutral' : 'good'}
                  icon={CheckCircle2}
                />
              )}{' '}
              <strong className="mono">{fixture}</strong> <span className={classes.quiet}>{description}</span>
            </div>
            <details open={differs}>
              <summary>What came of it</summary>
              <div className={differs ? classes.sides : ''}>
                {differs && <JsonView label={`Before: ${fixture}`} value={parsed(old)} />}
                <JsonView label={`After: ${fixture}`} value={parsed(after)} />
              </div>
            </details>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function parsed(text: string | null): unknown {
  return text === null ? null : (JSON.parse(text) as unknown);
}
