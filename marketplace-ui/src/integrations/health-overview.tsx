import type { Health } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { TextLink } from '../components/link.tsx';
import { HealthStatus } from '../components/status.tsx';
import { percentWords } from './history-words.ts';
import classes from './health-overview.module.css';

/** How alerts come in, in a line: the whole, and who is silent or fails. */
export function HealthOverview({ health }: { health: Health }) {
  const { status, recent } = health;
  const alerts = health.integrations.flatMap(({ name, alerts: open }) => open.map((alert) => ({ ...alert, name })));
  return (
    <section className={classes.overview} aria-label="Health of all integrations">
      <HealthStatus value={status} pill />
      <p className={classes.words}>
        {recent.success + recent.errors === 0
          ? `Nothing came in the last ${recent.hours} hours.`
          : `${percentWords(recent.success, recent.success + recent.errors)} of ${(recent.success + recent.errors).toLocaleString('en')} requests succeeded in the last ${recent.hours} hours.`}
        {recent.turnedAway > 0 &&
          ` ${recent.turnedAway.toLocaleString('en')} more ${recent.turnedAway === 1 ? 'was' : 'were'} turned away at the door.`}
      </p>
      {alerts.length > 0 && (
        <ul className={classes.alerts}>
          {alerts.map(({ incidentId, kind, name }) => (
            <li key={incidentId}>
              <TextLink to="/incidents/$id" params={{ id: incidentId }}>
                {kind === 'silent' ? `${name} is silent` : `Many requests of ${name} fail`}
              </TextLink>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
