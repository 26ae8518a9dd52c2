import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { appRoute } from '../shell/root-route.tsx';

const requestRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/requests/$id',
  component: lazyRouteComponent(() => import('./request-page.tsx'), 'RequestPage'),
});

export const requestRoutes = [requestRoute] as const;
