import { severities } from '@patchbay/plugin-sdk/contract/event-payload';
import { incidentStatuses } from '@patchbay/plugin-sdk/contract/rest/incidents';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { z } from 'zod';
import { choiceParam, choicesParam, textParam } from '../search-params.ts';
import { appRoute } from '../shell/root-route.tsx';

export const incidentSearchSchema = z.object({
  status: choicesParam(incidentStatuses),
  severity: choiceParam(severities),
  serviceId: textParam,
  integrationId: textParam,
  type: textParam,
  dedupKey: textParam,
  q: textParam,
});
export type IncidentSearch = z.infer<typeof incidentSearchSchema>;

const incidentsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/incidents',
  validateSearch: incidentSearchSchema,
  component: lazyRouteComponent(() => import('./incidents-page.tsx'), 'IncidentsPage'),
});

const incidentRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/incidents/$id',
  component: lazyRouteComponent(() => import('./incident-page.tsx'), 'IncidentPage'),
});

export const incidentRoutes = [incidentsRoute, incidentRoute] as const;
