import { z } from 'zod';

/**
 * A list of the addresses that a vendor sends from, where the vendor keeps it. It is fetched only for integrations that
 * take requests from nowhere else.
 */
export const publishedRangesSchema = z.strictObject({
  /** At the vendor's own host. It is asked for as it stands, and redirects are not followed. */
  url: z
    .url({ protocol: /^https$/ })
    .max(300)
    .refine((url) => {
      const { username, password, port, hostname } = new URL(url);
      return (
        username === '' && password === '' && port === '' && /^[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}$/.test(hostname)
      );
    }, 'Expected a host by its name, without a port and without credentials'),
  /**
   * Where the addresses stand in the JSON: names joined by dots, `[]` for every entry of a list, and a last one that is a
   * text or a list of texts. Without any, the answer is text with an address or a CIDR block per line.
   */
  at: z
    .array(z.string().regex(/^(\w[\w-]*(\[\])?|\[\])(\.\w[\w-]*(\[\])?)*$/, 'Expected names like items[].cidr'))
    .max(4)
    .default([]),
  /** Fields that an entry of a list must have: the value, or a list with it. */
  where: z.record(z.string().regex(/^\w{1,40}$/), z.string().max(80)).default({}),
});
export type PublishedRanges = z.output<typeof publishedRangesSchema>;
