import { changeTypes } from '@patchbay/plugin-sdk/contract/envelopes';
import { deliveryStates } from '@patchbay/plugin-sdk/contract/rest/deliveries';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { z } from 'zod';
import { choiceParam, choicesParam, textParam } from '../search-params.ts';
import { appRoute } from '../shell/root-route.tsx';

export const deliverySearchSchema = z.object({
  state: choicesParam(deliveryStates),
  destinationId: textParam,
  incidentId: textParam,
  changeType: choiceParam(changeTypes),
});
export type DeliverySearch = z.infer<typeof deliverySearchSchema>;

const deliveriesRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/deliveries',
  validateSearch: deliverySearchSchema,
  component: lazyRouteComponent(() => import('./deliveries-page.tsx'), 'DeliveriesPage'),
});

const deliveryRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/deliveries/$id',
  component: lazyRouteComponent(() => import('./delivery-page.tsx'), 'DeliveryPage'),
});

export const deliveryRoutes = [deliveriesRoute, deliveryRoute] as const;
