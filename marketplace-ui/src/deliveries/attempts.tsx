import type { Attempt, OutgoingRequest } from '@patchbay/plugin-sdk/contract/rest/deliveries';
import { ChevronRight } from 'lucide-react';
import { BodyView } from '../components/body-view.tsx';
import { ErrorCode } from '../components/error-code.tsx';
import { LogLines } from '../components/log-lines.tsx';
import { HttpStatus, Status } from '../components/status.tsx';
import { durationWords } from '../components/time-words.ts';
import { Duration, Time } from '../components/time.tsx';
import { failureText } from './failure-text.ts';
import { outcomeLook } from './outcome.ts';
import classes from './attempts.module.css';

interface AttemptsProps {
  attempts: readonly Attempt[];
  /** The message that the page shows already; the newest attempt does not repeat it. */
  said: string | null;
}

/** Attempts with the newest first and open; each with what it sent, what came back and what it logged. */
export function Attempts({ attempts, said }: AttemptsProps) {
  const newestFirst = [...attempts].sort((a, b) => b.number - a.number);
  return newestFirst.map((attempt, at) => (
    <details key={attempt.number} className={classes.attempt} open={at === 0}>
      <summary className={classes.summary}>
        <ChevronRight size={14} aria-hidden="true" className={classes.chevron} />
        <strong>Attempt {attempt.number}</strong>
        <Status {...outcomeLook(attempt.outcome)} />
        <span className={classes.muted}>
          <Time at={attempt.startedAt} />
        </span>
        <span className={classes.muted}>
          <Duration
            ms={attempt.finishedAt === null ? null : Date.parse(attempt.finishedAt) - Date.parse(attempt.startedAt)}
          />
        </span>
        {attempt.cpuMicros > 0 && (
          <span className={classes.muted}>{durationWords(attempt.cpuMicros / 1000)} of CPU</span>
        )}
      </summary>
      <div className={classes.body}>
        <Said attempt={attempt} already={at === 0 ? said : null} />
        <h3>
          {attempt.requests.length === 0
            ? 'No request was made'
            : `${attempt.requests.length} ${attempt.requests.length === 1 ? 'request' : 'requests'} made`}
        </h3>
        {attempt.requests.map((request) => (
          <Exchange key={request.ask} request={request} />
        ))}
        <h3>Log</h3>
        <LogLines logs={attempt.logs} label={`Log of attempt ${attempt.number}`} />
      </div>
    </details>
  ));
}

/** What an attempt says of itself: why it failed, unless that is said already, or what it did. */
function Said({ attempt: { outcome, code, message }, already }: { attempt: Attempt; already: string | null }) {
  const failure = failureText(outcome, message);
  if (failure !== null) return failure === already ? null : <ErrorCode code={code} message={failure} />;
  return code === null ? (
    message && <p className={classes.muted}>{message}</p>
  ) : (
    <ErrorCode code={code} message={null} />
  );
}

/** One request that left, and its answer. */
export function Exchange({ request, open = false }: { request: OutgoingRequest; open?: boolean }) {
  return (
    <details className={classes.exchange} open={open}>
      <summary className={classes.summary}>
        <ChevronRight size={14} aria-hidden="true" className={classes.chevron} />
        <span className={`${classes.method} mono`}>{request.method}</span>
        <span className={`${classes.url} mono`} title={request.url}>
          {request.url}
        </span>
        <HttpStatus value={request.status} />
        <span className={classes.muted}>
          <Duration ms={request.durationMs} />
        </span>
      </summary>
      <div className={classes.body}>
        {request.code !== null && <ErrorCode code={request.code} message={null} />}
        <p className={`${classes.whole} mono`}>{request.url}</p>
        <BodyView text={request.requestBody} label="Sent" />
        <BodyView text={request.responseBody} label="Answer" />
      </div>
    </details>
  );
}
