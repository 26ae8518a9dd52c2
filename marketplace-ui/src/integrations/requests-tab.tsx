import type { Integration } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { Time } from '../components/time.tsx';
import { HistorySection } from './history-section.tsx';
import { LastRequests } from './last-requests.tsx';
import classes from './integration-page.module.css';

/** How it goes: counts of all time and by hour, and the last requests with why one was refused. */
export function RequestsTab({ integration }: { integration: Integration }) {
  return (
    <div className={classes.stack}>
      <Health integration={integration} />
      <HistorySection integration={integration} />
      <LastRequests integration={integration} />
    </div>
  );
}

function Health({ integration }: { integration: Integration }) {
  const { counts } = integration;
  return (
    <dl className={classes.health} aria-label="Health">
      <div>
        <dt>Received</dt>
        <dd>{counts.received.toLocaleString('en')}</dd>
      </div>
      <div>
        <dt>Accepted</dt>
        <dd>{counts.accepted.toLocaleString('en')}</dd>
      </div>
      <div>
        <dt>Refused</dt>
        <dd>{counts.refused.toLocaleString('en')}</dd>
      </div>
      <div>
        <dt>Pending</dt>
        <dd>{counts.pending.toLocaleString('en')}</dd>
      </div>
      <div>
        <dt>Last request</dt>
        <dd>{integration.lastRequestAt === null ? 'never' : <Time at={integration.lastRequestAt} />}</dd>
      </div>
      <div>
        <dt>Limit a minute</dt>
        <dd>{integration.ratePerMinute.toLocaleString('en')}</dd>
      </div>
      <div>
        <dt>Plugin</dt>
        <dd>{integration.pluginVersion}</dd>
      </div>
    </dl>
  );
}
