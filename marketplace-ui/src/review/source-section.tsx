import type { SubmissionDetail } from '@patchbay/plugin-sdk/contract/rest/registry';
import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { Section } from '../components/section.tsx';
import { TableSkeleton } from '../components/skeletons.tsx';
import { lineDiff } from './line-diff.ts';
import { comparedFileQuery } from './review-queries.ts';
import classes from './review.module.css';

const route = getRouteApi('/app/review/submissions/$id');
/** Lines around a change that are shown with it. */
const CONTEXT = 3;

/** The difference of one file to the version before, line by line; of a first version the file itself. */
export function SourceSection({ submission }: { submission: SubmissionDetail }) {
  const { file } = route.useSearch();
  const navigate = route.useNavigate();
  const files = submission.difference.files.filter(({ readable }) => readable);
  const sources = files.filter(({ path }) => path.startsWith('sources/'));
  const shown = files.find(({ path }) => path === file) ?? sources[0] ?? files[0];
  if (shown === undefined)
    return (
      <EmptyState kind="nothing" title="No text file is different">
        Everything that a person can read is the same as in {submission.difference.before}.
      </EmptyState>
    );
  return (
    <Section
      title="Source"
      hint={submission.difference.before === null ? 'All of it is new' : `Against ${submission.difference.before}`}
    >
      <div className={classes.source}>
        <NativeSelect
          label="File"
          value={shown.path}
          data={files.map(({ path, change }) => ({ value: path, label: `${path} (${change})` }))}
          onChange={(event) => {
            const chosen = event.currentTarget.value;
            void navigate({ search: (before) => ({ ...before, file: chosen }), replace: true });
          }}
        />
        <FileDifference id={submission.submissionId} path={shown.path} />
      </div>
    </Section>
  );
}

function FileDifference({ id, path }: { id: string; path: string }) {
  const query = useQuery(comparedFileQuery(id, path));
  const lines = useMemo(
    () => (query.data === undefined ? [] : lineDiff(query.data.before ?? '', query.data.after ?? '')),
    [query.data],
  );
  if (query.isError) return <ErrorState inset error={query.error} onRetry={() => void query.refetch()} />;
  if (query.isPending) return <TableSkeleton rows={6} />;
  const near = new Set(
    lines.flatMap(({ kind }, at) =>
      kind === 'same' ? [] : Array.from({ length: 2 * CONTEXT + 1 }, (_one, step) => at - CONTEXT + step),
    ),
  );
  const whole = query.data.before === null || query.data.after === null;
  return (
    <div className={classes.diff} role="region" aria-label={`Difference of ${path}`} tabIndex={0}>
      <table>
        <thead className="sr-only">
          <tr>
            <th scope="col">Before</th>
            <th scope="col">After</th>
            <th scope="col">Change</th>
            <th scope="col">Line</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line, at) => {
            if (!whole && !near.has(at)) return near.has(at - 1) ? <Gap key={at} /> : null;
            return (
              <tr key={at} className={classes[line.kind]}>
                <td className={classes.number}>{line.before}</td>
                <td className={classes.number}>{line.after}</td>
                <td className={classes.sign}>{line.kind === 'added' ? '+' : line.kind === 'removed' ? '−' : ''}</td>
                <td>
                  <code>{line.text}</code>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Gap() {
  return (
    <tr className={classes.gap}>
      <td colSpan={4}>…</td>
    </tr>
  );
}
