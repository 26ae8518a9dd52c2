import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { z } from 'zod';
import { choiceParam, textParam } from '../search-params.ts';
import { appRoute } from '../shell/root-route.tsx';

export const installationTabs = ['settings', 'routes', 'integrations', 'permissions', 'runs'] as const;

const installedRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/installed',
  component: lazyRouteComponent(() => import('./installed-page.tsx'), 'InstalledPage'),
});

const installationRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/installed/$id',
  validateSearch: z.object({
    tab: choiceParam(installationTabs),
    /** Set right after the installation: the page says what to do next. */
    fresh: choiceParam(['yes']),
  }),
  component: lazyRouteComponent(() => import('./installation-page.tsx'), 'InstallationPage'),
});

const updateRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/installed/$id/update',
  validateSearch: z.object({ version: textParam }),
  component: lazyRouteComponent(() => import('./update-page.tsx'), 'UpdatePage'),
});

export const installedRoutes = [installedRoute, installationRoute, updateRoute] as const;
