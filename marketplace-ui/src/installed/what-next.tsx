import type { Installation } from '@patchbay/plugin-sdk/contract/rest/plugins';
import { Button, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useHeadingFocus } from '../consent/heading-focus.ts';
import { ButtonLink } from '../components/link.tsx';
import { servicesQuery } from '../services/service-queries.ts';
import { RouteDialog, useRouteDialog } from './route-dialog.tsx';
import classes from './installed-page.module.css';

const route = getRouteApi('/app/installed/$id');

/** Shown once after an installation: the one step that makes the plugin useful. */
export function WhatNext({ installation }: { installation: Installation }) {
  const services = useQuery(servicesQuery);
  const navigate = route.useNavigate();
  const dialog = useRouteDialog();
  useHeadingFocus('#what-next');
  const home = services.data?.find(({ isDefault }) => isDefault) ?? services.data?.[0];
  const ingests = installation.provides.includes('ingest');
  const delivers = installation.provides.includes('deliver');
  const close = () => void navigate({ search: ({ fresh: _shown, ...rest }) => rest, replace: true });
  return (
    <section className={classes.next} aria-labelledby="what-next">
      <h2 id="what-next">{installation.name} is installed. What next?</h2>
      <p>
        {!delivers
          ? 'Add an integration: it gives you the address and the key that you enter at the sender.'
          : 'Route incidents to it: until a route says which ones, it hears of nothing.'}
      </p>
      <Group gap="sm">
        {delivers && <Button onClick={() => dialog.open()}>Route incidents to {installation.name}</Button>}
        {ingests && home !== undefined && installation.integrationType !== null && (
          <ButtonLink
            to="/services/$id/integrations/new"
            params={{ id: home.id }}
            search={{ type: installation.integrationType }}
            {...(delivers && { variant: 'default' })}
          >
            Add an integration
          </ButtonLink>
        )}
        <Button variant="default" onClick={close}>
          Later
        </Button>
      </Group>
      <RouteDialog dialog={dialog} installation={installation} onSaved={close} />
    </section>
  );
}
