import { environments } from '@patchbay/plugin-sdk/contract/manifest';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { z } from 'zod';
import { choiceParam, textParam } from '../search-params.ts';
import { appRoute } from '../shell/root-route.tsx';

export const integrationTabs = ['requests', 'connect', 'rules', 'settings'] as const;

const integrationsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/integrations',
  validateSearch: z.object({
    q: textParam,
    serviceId: textParam,
    type: textParam,
    environment: choiceParam(environments),
  }),
  component: lazyRouteComponent(() => import('./integrations-page.tsx'), 'IntegrationsPage'),
});

const integrationRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/integrations/$id',
  validateSearch: z.object({ tab: choiceParam(integrationTabs) }),
  component: lazyRouteComponent(() => import('./integration-page.tsx'), 'IntegrationPage'),
});

export const integrationRoutes = [integrationsRoute, integrationRoute] as const;
