import type { SubmissionCheck, SubmissionFinding } from '@patchbay/plugin-sdk/contract/rest/registry';
import { Button } from '@mantine/core';
import { CheckCircle2, CircleDashed, CircleX, TriangleAlert } from 'lucide-react';
import { EmptyState } from '../components/empty-state.tsx';
import { Section } from '../components/section.tsx';
import { Status } from '../components/status.tsx';
import { useState } from 'react';
import { Time } from '../components/time.tsx';
import { checkWords } from './check-words.ts';
import { WaiveDialog } from './waive-dialog.tsx';
import classes from './review.module.css';

const looks = {
  passed: { word: 'Passed', tone: 'good', icon: CheckCircle2 },
  failed: { word: 'Failed', tone: 'danger', icon: CircleX },
  errored: { word: 'Not carried out', tone: 'serious', icon: TriangleAlert },
} as const;
interface ChecksSectionProps {
  checks: readonly SubmissionCheck[];
  /** Names of those that are still to be made. */
  toCome?: readonly string[];
  /** The submission whose findings the viewer may waive. */
  waivable?: string;
}

/** What these find is about what a package is; the registry waives nothing of it. */
const fixed = new Set(['archive', 'manifest', 'imports', 'module']);
const order = ['failed', 'errored', 'passed'];

/** Every check with what it found, where, and what to do about it; what went wrong comes first. */
export function ChecksSection({ checks, toCome = [], waivable }: ChecksSectionProps) {
  const [waived, setWaived] = useState<SubmissionFinding | null>(null);
  if (checks.length === 0 && toCome.length === 0)
    return (
      <EmptyState kind="nothing" title="No check has been carried out yet">
        They begin as soon as the package is stored.
      </EmptyState>
    );
  const sorted = [...checks].sort((a, b) => order.indexOf(a.outcome) - order.indexOf(b.outcome));
  return (
    <Section title="Checks" hint="The same that “patchbay check” makes">
      <ul className={classes.checks}>
        {sorted.map(({ name, outcome, summary, findings, checkedAt }) => (
          <li key={name} className={classes.check}>
            <div className={classes.checkHead}>
              <Status {...looks[outcome]} /> <strong className="mono">{name}</strong>
              <span className={classes.quiet}>
                {summary} <Time at={checkedAt} />
              </span>
            </div>
            {findings.map((finding) => {
              const { rule, place, message, advice, level } = finding;
              return (
                <div key={`${rule}-${place}-${message}`} className={classes.finding}>
                  <p>
                    <Status
                      word={level === 'error' ? 'Error' : 'Warning'}
                      tone={level === 'error' ? 'danger' : 'caution'}
                      icon={level === 'error' ? CircleX : TriangleAlert}
                    />{' '}
                    {place !== '' && <span className="mono">{place}</span>} {message}
                  </p>
                  <p className={classes.quiet}>
                    {advice} <span className="mono">{rule}</span>
                  </p>
                  {waivable !== undefined && level === 'error' && !fixed.has(name) && (
                    <Button size="xs" variant="default" onClick={() => setWaived(finding)}>
                      Waive
                    </Button>
                  )}
                </div>
              );
            })}
          </li>
        ))}
        {toCome.map((name) => (
          <li key={name} className={classes.check}>
            <div className={classes.checkHead}>
              <Status word="To come" tone="neutral" icon={CircleDashed} /> <strong className="mono">{name}</strong>
              <span className={classes.quiet}>{checkWords[name]}</span>
            </div>
          </li>
        ))}
      </ul>
      {waivable !== undefined && (
        <WaiveDialog submissionId={waivable} finding={waived} onClose={() => setWaived(null)} />
      )}
    </Section>
  );
}
