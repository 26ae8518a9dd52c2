import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router';
import { ApiError } from '../api/api-error.ts';
import { sessionQuery, setupQuery } from '../api/session.ts';
import { CrashScreen } from './crash-screen.tsx';
import { NotFound } from './not-found.tsx';

/** The root carries what every route may use. */
export const rootRoute = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  component: Outlet,
  notFoundComponent: NotFound,
  errorComponent: CrashScreen,
});

/** Everything behind sign-in: loads the session and draws navigation and header around the page. */
export const appRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'app',
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queryClient.ensureQueryData(sessionQuery);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      const setup = await context.queryClient.fetchQuery(setupQuery);
      if (setup.needed) throw redirect({ to: '/setup' });
      throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { next: location.href } });
    }
  },
  component: lazyRouteComponent(() => import('./app-frame.tsx'), 'AppFrame'),
  notFoundComponent: NotFound,
});
