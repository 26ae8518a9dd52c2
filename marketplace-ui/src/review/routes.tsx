import { submissionStates } from '@patchbay/plugin-sdk/contract/rest/registry';
import { reportStates } from '@patchbay/plugin-sdk/contract/rest/reports';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { z } from 'zod';
import { choiceParam, textParam } from '../search-params.ts';
import { appRoute } from '../shell/root-route.tsx';

export const submissionTabs = ['changes', 'source', 'behaviour', 'checks', 'history'] as const;

const queueRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/review',
  validateSearch: z.object({ state: choiceParam(submissionStates), q: textParam }),
  component: lazyRouteComponent(() => import('./review-page.tsx'), 'ReviewPage'),
});

const submissionRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/review/submissions/$id',
  validateSearch: z.object({ tab: choiceParam(submissionTabs), file: textParam }),
  component: lazyRouteComponent(() => import('./submission-page.tsx'), 'SubmissionPage'),
});

const revocationsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/review/revocations',
  validateSearch: z.object({ plugin: textParam, range: textParam }),
  component: lazyRouteComponent(() => import('./revocations-page.tsx'), 'RevocationsPage'),
});

const checksRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/review/checks',
  component: lazyRouteComponent(() => import('./check-switches-page.tsx'), 'CheckSwitchesPage'),
});

const reportsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/review/reports',
  validateSearch: z.object({ state: choiceParam(reportStates) }),
  component: lazyRouteComponent(() => import('./reports-page.tsx'), 'ReportsPage'),
});

const namespacesRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/review/namespaces',
  component: lazyRouteComponent(() => import('./namespace-requests-page.tsx'), 'NamespaceRequestsPage'),
});

export const reviewRoutes = [
  queueRoute,
  submissionRoute,
  revocationsRoute,
  checksRoute,
  reportsRoute,
  namespacesRoute,
] as const;
