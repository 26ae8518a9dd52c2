import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { appRoute } from '../shell/root-route.tsx';

const settingsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/settings',
  component: lazyRouteComponent(() => import('./settings-frame.tsx'), 'SettingsFrame'),
});

const settingsIndexRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/settings/account', replace: true });
  },
});

const accountRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/account',
  component: lazyRouteComponent(() => import('./account-page.tsx'), 'AccountPage'),
});

const groupRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/group',
  component: lazyRouteComponent(() => import('./group-page.tsx'), 'GroupPage'),
});

const registryMembersRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/registry',
  component: lazyRouteComponent(() => import('./registry-members-page.tsx'), 'RegistryMembersPage'),
});

const membersRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/members',
  component: lazyRouteComponent(() => import('./members-page.tsx'), 'MembersPage'),
});

const tokensRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/tokens',
  component: lazyRouteComponent(() => import('./tokens-page.tsx'), 'TokensPage'),
});

const auditRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/audit',
  component: lazyRouteComponent(() => import('./audit-page.tsx'), 'AuditPage'),
});

export const settingsRoutes = [
  settingsRoute.addChildren([
    settingsIndexRoute,
    accountRoute,
    groupRoute,
    membersRoute,
    tokensRoute,
    registryMembersRoute,
    auditRoute,
  ]),
] as const;
