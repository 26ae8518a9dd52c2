import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { z } from 'zod';
import { choiceParam, textParam } from '../search-params.ts';
import { appRoute } from '../shell/root-route.tsx';
import { categories, provided, sorts } from './plugin-queries.ts';

export const pluginTabs = ['overview', 'permissions', 'versions', 'security'] as const;

const marketplaceRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/marketplace',
  validateSearch: z.object({
    q: textParam,
    category: choiceParam(categories),
    provides: choiceParam(provided),
    sort: choiceParam(sorts),
  }),
  component: lazyRouteComponent(() => import('./marketplace-page.tsx'), 'MarketplacePage'),
});

const pluginRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/marketplace/$namespace/$name',
  validateSearch: z.object({ tab: choiceParam(pluginTabs), version: textParam }),
  component: lazyRouteComponent(() => import('./plugin-page.tsx'), 'PluginPage'),
});

const installRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/marketplace/$namespace/$name/install',
  validateSearch: z.object({ version: textParam }),
  component: lazyRouteComponent(() => import('./install-page.tsx'), 'InstallPage'),
});

export const marketplaceRoutes = [marketplaceRoute, pluginRoute, installRoute] as const;
