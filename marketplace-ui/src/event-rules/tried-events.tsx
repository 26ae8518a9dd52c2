import type { RulesTried } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { CircleSlash, CircleX, PencilLine, TriangleAlert } from 'lucide-react';
import { Notice } from '../destinations/notice.tsx';
import { eventDifference } from './event-difference.ts';
import classes from './rules-tab.module.css';

/** Before and after, event by event. */
export function TriedEvents({ tried }: { tried: RulesTried }) {
  if (tried.stopped !== null)
    return (
      <Notice tone="danger" icon={CircleX} title="The rules were stopped">
        <p>
          {tried.stopped.message} At the door the request would stay pending.{' '}
          <span className="mono">{tried.stopped.code}</span>
        </p>
      </Notice>
    );
  if (tried.events.length === 0)
    return (
      <Notice tone="neutral" icon={CircleSlash} title="No event to try on">
        <p>{tried.reason ?? 'The plugin makes no event of this request.'}</p>
      </Notice>
    );
  return (
    <ol className={classes.tried} aria-label="Events before and after the rules">
      {tried.events.map((event, at) => (
        <li key={at}>
          <TriedEvent event={event} />
        </li>
      ))}
    </ol>
  );
}

function TriedEvent({ event }: { event: RulesTried['events'][number] }) {
  const { before, after, droppedBy, changedBy, errors } = event;
  const differences = after === null ? [] : eventDifference(before, after);
  return (
    <div className={classes.triedEvent}>
      <p className={classes.triedTitle}>
        {before.event_action} <span className="mono">{before.dedup_key}</span>
        {before.payload !== undefined && <>: {before.payload.summary}</>}
      </p>
      {droppedBy !== null && (
        <p className={classes.verdict}>
          <CircleSlash size={16} aria-hidden="true" /> Dropped by “{droppedBy}”
        </p>
      )}
      {droppedBy === null && (
        <p className={classes.verdict}>
          <PencilLine size={16} aria-hidden="true" />{' '}
          {differences.length === 0 ? 'Unchanged' : `Changed by ${changedBy.map((name) => `“${name}”`).join(', ')}`}
        </p>
      )}
      {errors.map(({ rule, message }) => (
        <p key={rule} className={classes.failed}>
          <TriangleAlert size={16} aria-hidden="true" />
          <span>
            “{rule}” failed and is left out: <span className="mono">{message}</span>
          </span>
        </p>
      ))}
      {differences.length > 0 && (
        <div className={classes.scroll} tabIndex={0} role="group" aria-label={`Changes of ${before.dedup_key}`}>
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">Field</th>
                <th scope="col">Before</th>
                <th scope="col">After</th>
              </tr>
            </thead>
            <tbody>
              {differences.map(({ field, before: old, after: now }) => (
                <tr key={field}>
                  <th scope="row" className="mono">
                    {field}
                  </th>
                  <td>{old ?? <span className={classes.none}>not there</span>}</td>
                  <td className={classes.now}>{now ?? <span className={classes.none}>taken away</span>}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}
