import type { Integration } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { useQuery } from '@tanstack/react-query';
import { TriangleAlert } from 'lucide-react';
import { TextLink } from '../components/link.tsx';
import { Time } from '../components/time.tsx';
import { Notice } from '../destinations/notice.tsx';
import { healthQuery } from './integration-queries.ts';

/** Says while an incident is open because the integration is silent or fails. */
export function WatchNotices({ integration }: { integration: Integration }) {
  const health = useQuery(healthQuery);
  const alerts = health.data?.integrations.find(({ id }) => id === integration.id)?.alerts ?? [];
  return alerts.map(({ kind, incidentId, since }) => (
    <Notice
      key={incidentId}
      tone="serious"
      icon={TriangleAlert}
      title={kind === 'silent' ? 'Its sender is silent' : 'Many of its requests fail'}
    >
      <p>
        {kind === 'silent' ? 'Nothing comes for much longer than usual.' : 'Far more of its requests fail than usual.'}{' '}
        An incident was opened <Time at={since} />:{' '}
        <TextLink to="/incidents/$id" params={{ id: incidentId }}>
          what was usual, and what to do
        </TextLink>
        .
      </p>
    </Notice>
  ));
}
