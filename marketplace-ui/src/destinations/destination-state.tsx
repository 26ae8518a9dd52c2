import type { Destination } from '@patchbay/plugin-sdk/contract/rest/deliveries';
import { Alert, Button } from '@mantine/core';
import { PauseCircle, Play, TriangleAlert } from 'lucide-react';
import { useHasRole } from '../api/session.ts';
import { notifyDone, notifyFailed } from '../components/notify.tsx';
import { useSwitchDestination } from './destination-queries.ts';

const titles = {
  paused: 'Paused',
  attention: 'Paused: it needs your attention',
  disabled: 'Disabled',
} as const;

/** Why a destination gets nothing at present, and the way back; nothing while it is active. */
export function DestinationTrouble({ destination }: { destination: Destination }) {
  const list = destination.kind === 'webhook' ? 'webhooks' : 'subscriptions';
  const resume = useSwitchDestination(list, destination.id);
  const mayResume = useHasRole('member');
  if (destination.state === 'active') return null;
  const waiting = destination.counts.waiting + destination.counts.retrying;
  return (
    <Alert
      variant="light"
      color={destination.state === 'paused' ? 'gray' : 'red'}
      icon={destination.state === 'paused' ? <PauseCircle size={18} /> : <TriangleAlert size={18} />}
      title={titles[destination.state]}
    >
      <p style={{ margin: '0 0 10px', overflowWrap: 'anywhere' }}>
        {destination.stateReason ?? 'Somebody paused it.'}{' '}
        {waiting > 0
          ? `${waiting} deliveries wait and go out when you resume.`
          : 'New deliveries wait until you resume.'}
      </p>
      {mayResume && (
        <Button
          variant="default"
          size="xs"
          leftSection={<Play size={14} aria-hidden="true" />}
          loading={resume.isPending}
          onClick={() =>
            resume.mutate('active', {
              onSuccess: () => notifyDone(`“${destination.name}” resumed`),
              onError: (error) => notifyFailed(`“${destination.name}” could not be resumed`, error),
            })
          }
        >
          Resume
        </Button>
      )}
    </Alert>
  );
}
