import type { Destination } from '@patchbay/plugin-sdk/contract/rest/deliveries';
import { DeliveryStatus } from '../components/status.tsx';
import { TextLink } from '../components/link.tsx';
import classes from './destination-counts.module.css';

const states = ['delivered', 'retrying', 'waiting', 'dead'] as const;

/** How many deliveries are in which state; each leads to those deliveries. */
export function DestinationCounts({ destination }: { destination: Destination }) {
  return (
    <ul className={classes.counts} aria-label={`Deliveries of ${destination.name}`}>
      {states.map((state) => (
        <li key={state}>
          <DeliveryStatus value={state} />
          {/* The filter lives in the deliveries page's address. */}
          <TextLink to="/deliveries" search={{ destinationId: destination.id, state: [state] }}>
            <span className="tabular">{destination.counts[state].toLocaleString('en')}</span>
          </TextLink>
        </li>
      ))}
    </ul>
  );
}
