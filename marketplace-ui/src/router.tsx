import { createRoute, createRouter, redirect } from '@tanstack/react-router';
import { queryClient } from './api/query-client.ts';
import { sessionQuery } from './api/session.ts';
import { PageSkeleton } from './components/skeletons.tsx';
import { deliveryRoutes } from './deliveries/routes.tsx';
import { identityRoutes } from './identity/routes.tsx';
import { incidentRoutes } from './incidents/routes.tsx';
import { installedRoutes } from './installed/routes.tsx';
import { integrationRoutes } from './integrations/routes.tsx';
import { marketplaceRoutes } from './marketplace/routes.tsx';
import { publishingRoutes } from './publishing/routes.tsx';
import { requestRoutes } from './requests/routes.tsx';
import { reviewRoutes } from './review/routes.tsx';
import { parseSearch, stringifySearch } from './search-params.ts';
import { serviceRoutes } from './services/routes.tsx';
import { settingsRoutes } from './settings/routes.tsx';
import { CrashScreen } from './shell/crash-screen.tsx';
import { NotFound } from './shell/not-found.tsx';
import { appRoute, rootRoute } from './shell/root-route.tsx';
import { webhookRoutes } from './webhooks/routes.tsx';

const indexRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/',
  beforeLoad: async () => {
    const { registryOnly } = await queryClient.ensureQueryData(sessionQuery);
    throw redirect({ to: registryOnly ? '/publishing' : '/incidents', replace: true });
  },
});

/** An address that nothing answers keeps the navigation around it. */
const nowhereRoute = createRoute({ getParentRoute: () => appRoute, path: '$', component: NotFound });

const routeTree = rootRoute.addChildren([
  ...identityRoutes,
  appRoute.addChildren([
    indexRoute,
    ...incidentRoutes,
    ...deliveryRoutes,
    ...requestRoutes,
    ...serviceRoutes,
    ...integrationRoutes,
    ...webhookRoutes,
    ...marketplaceRoutes,
    ...installedRoutes,
    ...publishingRoutes,
    ...reviewRoutes,
    ...settingsRoutes,
    nowhereRoute,
  ]),
]);

export const router = createRouter({
  routeTree,
  context: { queryClient },
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  defaultPendingComponent: PageSkeleton,
  defaultPendingMs: 150,
  defaultErrorComponent: CrashScreen,
  defaultNotFoundComponent: NotFound,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
