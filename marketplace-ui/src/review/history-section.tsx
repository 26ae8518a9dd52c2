import type { SubmissionDetail } from '@patchbay/plugin-sdk/contract/rest/registry';
import { Actor } from '../components/actor.tsx';
import { Section } from '../components/section.tsx';
import { Time } from '../components/time.tsx';
import { count } from '../consent/words.ts';
import { stateLooks, SubmissionStatus } from './submission-state.tsx';
import classes from './review.module.css';

/** What happened to a submission, when, by whom and why. */
export function HistorySection({ submission }: { submission: SubmissionDetail }) {
  const { events, reviews, history } = submission;
  const earlier = Object.entries(history);
  return (
    <>
      <Section title="What happened">
        <ol className={classes.events}>
          {events.map(({ state, actor, reason, at }) => (
            <li key={`${state}-${at}`}>
              <SubmissionStatus of={{ state, release: null }} /> <Time at={at} />{' '}
              <span className={classes.quiet}>by</span> <Actor name={actor} />
              {reason !== null && <p className={classes.reason}>{reason}</p>}
            </li>
          ))}
        </ol>
      </Section>
      {reviews.length > 0 && (
        <Section title="Approvals" hint="Each of exactly this package">
          <ul className={classes.events}>
            {reviews.map(({ reviewer, note, at, sha256 }) => (
              <li key={reviewer}>
                <Actor name={reviewer} /> <Time at={at} /> <span className="mono">{sha256.slice(0, 12)}</span>
                {note !== '' && <p className={classes.reason}>{note}</p>}
              </li>
            ))}
          </ul>
        </Section>
      )}
      <Section title="Its author">
        <p className={classes.plain}>
          <Actor name={submission.submittedBy} /> signed with key{' '}
          <span className="mono">{submission.authorKeyId.slice(0, 12)}</span>.{' '}
          {earlier.length === 0
            ? 'This is their first submission.'
            : `Before: ${earlier.map(([state, number]) => `${count(number, 'submission')} ${wordOf(state)}`).join(', ')}.`}
        </p>
      </Section>
    </>
  );
}

function wordOf(state: string): string {
  const look = Object.entries(stateLooks).find(([name]) => name === state)?.[1];
  return (look?.word ?? state).toLowerCase();
}
