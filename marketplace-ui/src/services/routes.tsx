import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { z } from 'zod';
import { textParam } from '../search-params.ts';
import { appRoute } from '../shell/root-route.tsx';

const servicesRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/services',
  component: lazyRouteComponent(() => import('./services-page.tsx'), 'ServicesPage'),
});

const serviceRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/services/$id',
  component: lazyRouteComponent(() => import('./service-page.tsx'), 'ServicePage'),
});

const addIntegrationRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/services/$id/integrations/new',
  validateSearch: z.object({ type: textParam }),
  component: lazyRouteComponent(() => import('../integrations/add-integration-page.tsx'), 'AddIntegrationPage'),
});

export const serviceRoutes = [servicesRoute, serviceRoute, addIntegrationRoute] as const;
