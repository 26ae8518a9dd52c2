import type { FakeRoute } from './route.ts';

/** Plugins, installations, integrations, services and webhooks. */
export function catalogueRoutes(): FakeRoute[] {
  return [];
}
