import type { Destination } from '@patchbay/plugin-sdk/contract/rest/deliveries';
import type { Installation } from '@patchbay/plugin-sdk/contract/rest/plugins';
import { Button, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useHasRole } from '../api/session.ts';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { notifyDone, notifyFailed } from '../components/notify.tsx';
import { Section } from '../components/section.tsx';
import { TableSkeleton } from '../components/skeletons.tsx';
import { SwitchState } from '../components/status.tsx';
import { DestinationCounts } from '../destinations/destination-counts.tsx';
import { DestinationTrouble } from '../destinations/destination-state.tsx';
import { subscriptionsQuery, useDeleteDestination, useSwitchDestination } from '../destinations/destination-queries.ts';
import { filterInWords } from '../destinations/event-filter.ts';
import { useServiceName } from '../services/use-service-name.ts';
import { RouteDialog, useRouteDialog, type RouteDialogState } from './route-dialog.tsx';
import classes from './installed-page.module.css';

interface RoutesTabProps {
  installation: Installation;
  /** Another part of the page offers the first route already. */
  quiet: boolean;
}

/** The routes of a connector: which incidents reach it, and how that goes. */
export function RoutesTab({ installation, quiet }: RoutesTabProps) {
  const query = useQuery(subscriptionsQuery);
  const dialog = useRouteDialog();
  const mayEdit = useHasRole('admin');
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (query.isPending) return <TableSkeleton rows={3} />;
  const routes = query.data.filter(({ installationId }) => installationId === installation.id);
  const add = mayEdit && (
    <Button
      {...(routes.length === 0 && !quiet ? {} : { variant: 'default' as const, size: 'xs' as const })}
      leftSection={<Plus size={14} aria-hidden="true" />}
      onClick={() => dialog.open()}
    >
      Add a route
    </Button>
  );
  return (
    <>
      <Section title="Routes" hint="Which incidents reach this plugin" actions={routes.length > 0 && add}>
        {routes.length === 0 ? (
          <EmptyState inset kind="first-run" title="No incident reaches it yet" action={add}>
            A route says which changes of which incidents {installation.name} hears of. Without one it does nothing.
          </EmptyState>
        ) : (
          <ul className={classes.routes}>
            {routes.map((route) => (
              <RouteCard key={route.id} route={route} dialog={dialog} />
            ))}
          </ul>
        )}
      </Section>
      <RouteDialog dialog={dialog} installation={installation} />
    </>
  );
}

function RouteCard({ route, dialog }: { route: Destination; dialog: RouteDialogState }) {
  const serviceName = useServiceName();
  const mayEdit = useHasRole('admin');
  const [deleting, setDeleting] = useState(false);
  const pause = useSwitchDestination('subscriptions', route.id);
  const remove = useDeleteDestination('subscriptions', route.id);
  return (
    <li className={classes.route}>
      <div className={classes.routeHead}>
        <div className={classes.routeWords}>
          <h3>{route.name}</h3>
          <p>{filterInWords(route.filter, serviceName)}</p>
        </div>
        <SwitchState value={route.state} pill />
        {mayEdit && (
          <Group gap={6}>
            <Button variant="default" size="xs" onClick={() => dialog.open(route)}>
              Change
            </Button>
            {route.state === 'active' && (
              <Button
                variant="default"
                size="xs"
                loading={pause.isPending}
                onClick={() =>
                  pause.mutate('paused', {
                    onSuccess: () => notifyDone(`“${route.name}” paused; deliveries wait`),
                    onError: (error) => notifyFailed(`“${route.name}” could not be paused`, error),
                  })
                }
              >
                Pause
              </Button>
            )}
            <Button variant="default" size="xs" onClick={() => setDeleting(true)}>
              Delete
            </Button>
          </Group>
        )}
      </div>
      <DestinationTrouble destination={route} />
      <DestinationCounts destination={route} />
      <ConfirmDialog
        opened={deleting}
        destructive
        title={`Delete “${route.name}”?`}
        act="Delete the route"
        busy={remove.isPending}
        error={remove.error}
        onClose={() => setDeleting(false)}
        onConfirm={() => remove.mutate(undefined, { onSuccess: () => notifyDone(`“${route.name}” deleted`) })}
      >
        No further incident takes this route. Deliveries that were made stay in the log. This cannot be undone.
      </ConfirmDialog>
    </li>
  );
}
