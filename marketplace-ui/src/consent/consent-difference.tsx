import { CheckCircle2, MinusCircle, PlusCircle } from 'lucide-react';
import { Status } from '../components/status.tsx';
import type { ConsentChange } from './consent-change.ts';
import { sentence } from './consent-list.tsx';
import { RiskMark } from './risk.tsx';
import classes from './consent-list.module.css';

/** What one version asks for and another does not: each with a word, not only a colour. */
export function ConsentDifference({ change, same }: { change: ConsentChange; same: boolean }) {
  const lines = [
    ...change.added.map((line) => ({ line, added: true })),
    ...change.removed.map((line) => ({ line, added: false })),
  ];
  if (lines.length === 0)
    return (
      <p className={classes.nothing}>
        <Status
          word={
            same
              ? 'It asks for exactly what it asked for before.'
              : 'It asks for the same; a detail below the words changed.'
          }
          tone={same ? 'good' : 'caution'}
          icon={CheckCircle2}
        />
      </p>
    );
  return (
    <ul className={classes.list}>
      {lines.map(({ line, added }) => (
        <li key={`${String(added)}-${line.kind}-${line.text}-${line.scope}`} className={classes.line}>
          <div className={classes.words}>
            <p className={classes.sentence}>
              {added ? (
                <Status word="New" tone="caution" icon={PlusCircle} pill />
              ) : (
                <Status word="Removed" tone="neutral" icon={MinusCircle} pill />
              )}{' '}
              {sentence(line.text)}
            </p>
            <p className={classes.scope}>{line.scope}</p>
          </div>
          {added && <RiskMark risk={line.risk} />}
        </li>
      ))}
    </ul>
  );
}
