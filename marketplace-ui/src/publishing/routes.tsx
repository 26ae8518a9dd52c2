import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { z } from 'zod';
import { choiceParam } from '../search-params.ts';
import { appRoute } from '../shell/root-route.tsx';

export const publishingTabs = ['plugins', 'submissions', 'namespaces', 'tokens'] as const;

const publishingRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/publishing',
  validateSearch: z.object({ tab: choiceParam(publishingTabs) }),
  component: lazyRouteComponent(() => import('./publishing-page.tsx'), 'PublishingPage'),
});

const ownSubmissionRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/publishing/submissions/$id',
  component: lazyRouteComponent(() => import('./own-submission-page.tsx'), 'OwnSubmissionPage'),
});

export const publishingRoutes = [publishingRoute, ownSubmissionRoute] as const;
