import { z } from 'zod';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** https://plugins.jenkins.io/notification/ */
export const notificationSchema = z.looseObject({
  name: scalar.optional(),
  display_name: scalar.optional(),
  url: scalar.optional(),
  build: z.looseObject({
    phase: z.string(),
    status: scalar.optional(),
    number: scalar.optional(),
    url: scalar.optional(),
    full_url: scalar.optional(),
    // The same in the spelling of the plugin's XML.
    fullUrl: scalar.optional(),
    timestamp: scalar.optional(),
    scm: z.looseObject({ branch: scalar.optional(), commit: scalar.optional(), url: scalar.optional() }).nullish(),
  }),
});
