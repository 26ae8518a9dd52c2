import type { Destination } from '@patchbay/plugin-sdk/contract/rest/deliveries';
import { Button } from '@mantine/core';
import { CircleSlash, PauseCircle, Play, TriangleAlert } from 'lucide-react';
import { useHasRole } from '../api/session.ts';
import { notifyDone, notifyFailed } from '../components/notify.tsx';
import { count } from '../consent/words.ts';
import { useSwitchDestination } from './destination-queries.ts';
import { Notice } from './notice.tsx';

const looks = {
  paused: { title: 'Paused', tone: 'caution', icon: PauseCircle },
  attention: { title: 'Paused: it needs your attention', tone: 'serious', icon: TriangleAlert },
  disabled: { title: 'Disabled', tone: 'neutral', icon: CircleSlash },
} as const;

/** Why a destination gets nothing at present, and the way back; nothing while it is active. */
export function DestinationTrouble({ destination }: { destination: Destination }) {
  const list = destination.kind === 'webhook' ? 'webhooks' : 'subscriptions';
  const resume = useSwitchDestination(list, destination.id);
  const mayResume = useHasRole('admin');
  if (destination.state === 'active') return null;
  const waiting = destination.counts.waiting + destination.counts.retrying;
  return (
    <Notice {...looks[destination.state]}>
      <p>
        {(destination.stateReason ?? 'Somebody paused it').replace(/\.$/, '')}.{' '}
        {waiting > 0
          ? `${count(waiting, 'delivery', 'deliveries')} ${waiting === 1 ? 'waits and goes' : 'wait and go'} out when you resume.`
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
    </Notice>
  );
}
