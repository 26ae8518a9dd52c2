import type { Installation } from '@patchbay/plugin-sdk/contract/rest/plugins';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useHasRole } from '../api/session.ts';
import { useNow } from '../components/clock.ts';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { ButtonLink, TextLink } from '../components/link.tsx';
import { notifyDone, notifyFailed } from '../components/notify.tsx';
import { subscriptionsQuery } from '../destinations/destination-queries.ts';
import { integrationsQuery } from '../integrations/integration-queries.ts';
import { useChangeInstallation, useRemoveInstallation } from './installation-queries.ts';
import { RollBack } from './roll-back.tsx';
import classes from './installed-page.module.css';
import { offeredUpdate } from './offered-update.ts';

/** Update, roll back, enable, disable and remove; removing first says what still uses the plugin. */
export function InstallationActs({ installation }: { installation: Installation }) {
  const [open, setOpen] = useState<'disable' | 'remove' | null>(null);
  const change = useChangeInstallation(installation.id);
  const { available } = offeredUpdate(installation, useNow(15_000));
  if (!useHasRole('admin')) return null;
  return (
    <>
      {available !== null && (
        <ButtonLink to="/installed/$id/update" params={{ id: installation.id }}>
          Update to {available}
        </ButtonLink>
      )}
      {installation.previousVersion !== null && (
        <RollBack installation={installation} to={installation.previousVersion} />
      )}
      {installation.state === 'disabled' && (
        <Button
          variant="default"
          loading={change.isPending}
          onClick={() =>
            change.mutate(
              { state: 'enabled' },
              {
                onSuccess: () => notifyDone(`${installation.name} enabled`),
                onError: (error) => notifyFailed(`${installation.name} could not be enabled`, error),
              },
            )
          }
        >
          Enable
        </Button>
      )}
      {installation.state === 'enabled' && (
        <Button variant="default" onClick={() => setOpen('disable')}>
          Disable
        </Button>
      )}
      <Button variant="default" onClick={() => setOpen('remove')}>
        Remove
      </Button>
      <ConfirmDialog
        opened={open === 'disable'}
        title={`Disable ${installation.name}?`}
        act={`Disable ${installation.name}`}
        busy={change.isPending}
        error={change.error}
        onClose={() => setOpen(null)}
        onConfirm={() =>
          change.mutate(
            { state: 'disabled' },
            {
              onSuccess: () => {
                setOpen(null);
                notifyDone(`${installation.name} disabled`);
              },
            },
          )
        }
      >
        {installation.provides.includes('ingest')
          ? 'Its integrations refuse every request until you enable it again. Senders may give up on their alerts.'
          : 'Its deliveries wait until you enable it again. Nothing is lost.'}
      </ConfirmDialog>
      {open === 'remove' && <RemoveDialog installation={installation} onClose={() => setOpen(null)} />}
    </>
  );
}

function RemoveDialog({ installation, onClose }: { installation: Installation; onClose: () => void }) {
  const remove = useRemoveInstallation(installation.id);
  const navigate = useNavigate();
  const integrations = useQuery(integrationsQuery());
  const routes = useQuery(subscriptionsQuery);
  const usedBy = [
    ...(integrations.data ?? [])
      .filter(({ installationId }) => installationId === installation.id)
      .map(({ id, name }) => (
        <TextLink key={id} to="/integrations/$id" params={{ id }}>
          Integration “{name}”
        </TextLink>
      )),
    ...(routes.data ?? [])
      .filter(({ installationId }) => installationId === installation.id)
      .map(({ id, name }) => (
        <TextLink
          key={id}
          to="/installed/$id"
          params={{ id: installation.id }}
          search={{ tab: 'routes' as const }}
          onClick={onClose}
        >
          Route “{name}”
        </TextLink>
      )),
  ];
  return (
    <ConfirmDialog
      opened
      destructive
      title={`Remove ${installation.name}?`}
      act={`Remove ${installation.name}`}
      busy={remove.isPending}
      blocked={usedBy.length > 0 || integrations.isPending || routes.isPending}
      error={remove.error}
      onClose={onClose}
      onConfirm={() =>
        remove.mutate(undefined, {
          onSuccess: () => {
            notifyDone(`${installation.name} removed`);
            void navigate({ to: '/installed' });
          },
        })
      }
    >
      {usedBy.length > 0 ? (
        <>
          These still use it; delete them first:
          <ul className={classes.list}>
            {usedBy.map((link) => (
              <li key={link.key}>{link}</li>
            ))}
          </ul>
        </>
      ) : (
        'Its settings and secrets are deleted. Incidents, requests and deliveries stay. This cannot be undone.'
      )}
    </ConfirmDialog>
  );
}
