import { submissionStates } from '@patchbay/plugin-sdk/contract/rest/registry';
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

export const reviewRoutes = [queueRoute, submissionRoute, revocationsRoute] as const;
