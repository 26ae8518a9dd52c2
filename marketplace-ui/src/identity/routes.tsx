import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { z } from 'zod';
import { textParam } from '../search-params.ts';
import { rootRoute } from '../shell/root-route.tsx';

export const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: z.object({ next: textParam }),
  component: lazyRouteComponent(() => import('./sign-in-page.tsx'), 'SignInPage'),
});

export const setupRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/setup',
  validateSearch: z.object({ code: textParam }),
  component: lazyRouteComponent(() => import('./setup-page.tsx'), 'SetupPage'),
});

export const identityRoutes = [signInRoute, setupRoute] as const;
