import type { CheckPolicy } from '@patchbay/plugin-sdk/contract/rest/registry';
import { Checkbox } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Lock } from 'lucide-react';
import { useState } from 'react';
import { useSession } from '../api/session.ts';
import { DataTable } from '../components/data-table.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { TextLink } from '../components/link.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { Section } from '../components/section.tsx';
import { TableSkeleton } from '../components/skeletons.tsx';
import { Status } from '../components/status.tsx';
import { ChangeCheckDialog, type SwitchName } from './change-check-dialog.tsx';
import { CheckChanges } from './check-changes.tsx';
import { checkPoliciesQuery } from './check-queries.ts';
import { checkWords, switchMeanings, switchWords } from './check-words.ts';
import { useMayReview } from './use-registry-role.ts';
import classes from './review.module.css';

const switches = ['enabled', 'enforced', 'required'] as const;

/** Every check with its switches: reviewers read them, admins of the registry change them. */
export function CheckSwitchesPage() {
  const mayReview = useMayReview();
  return (
    <>
      <PageHeader
        title="Checks"
        about="What is checked of every package, and what a finding does."
        crumbs={[
          <TextLink key="up" to="/review">
            Review
          </TextLink>,
        ]}
      />
      {mayReview ? (
        <div className={classes.stack}>
          <Switches />
          <CheckChanges />
        </div>
      ) : (
        <EmptyState kind="no-right" title="Only reviewers see the switches of checks">
          Ask an admin of the registry for the role.
        </EmptyState>
      )}
    </>
  );
}

function Switches() {
  const mayChange = useSession().registryRoles.includes('admin');
  const query = useQuery(checkPoliciesQuery);
  const [change, setChange] = useState<{ check: CheckPolicy; name: SwitchName } | null>(null);
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (query.isPending) return <TableSkeleton rows={10} />;
  return (
    <Section
      title="Switches"
      hint={mayChange ? 'From the next package on' : 'Only admins of the registry change them'}
      flush
    >
      <dl className={classes.meanings}>
        {switches.map((name) => (
          <div key={name}>
            <dt>{switchWords[name]}</dt>
            <dd>{switchMeanings[name]}</dd>
          </div>
        ))}
      </dl>
      <DataTable
        inset
        label="Checks and their switches"
        rows={query.data.items}
        rowKey={({ name }) => name}
        columns={[
          {
            key: 'name',
            header: 'Check',
            width: '170px',
            card: 'title',
            cell: ({ name, fixed }) => (
              <>
                <span className="mono">{name}</span>
                {fixed && (
                  <div>
                    <Status word="Always on" tone="neutral" icon={Lock} />
                  </div>
                )}
              </>
            ),
          },
          {
            key: 'about',
            header: 'Looks at',
            card: 'line',
            cell: ({ name }) => <span className={classes.wrapped}>{checkWords[name]}</span>,
          },
          ...switches.map((name) => ({
            key: name,
            header: switchWords[name],
            width: '100px',
            card: 'labelled' as const,
            cell: (check: CheckPolicy) => (
              <Checkbox
                aria-label={`${check.name} is ${name}`}
                checked={check[name]}
                disabled={check.fixed || !mayChange || (name === 'required' && !check.enabled)}
                onChange={() => setChange({ check, name })}
              />
            ),
          })),
        ]}
      />
      {change !== null && <ChangeCheckDialog {...change} onClose={() => setChange(null)} />}
    </Section>
  );
}
