import { z } from 'zod';

/** GET /api/admin/key-rotation; POST starts a rotation to the key that the host seals with. */
export const keyRotationSchema = z.object({
  /** Of the key that seals. */
  keyId: z.string(),
  /** Of further keys that this host opens with. */
  otherKeyIds: z.array(z.string()),
  /** By kind, how many values another key has sealed. Once all are 0 on every host, no other key is needed. */
  remaining: z.record(z.string(), z.int()),
  /** The last one; null when there was none. */
  rotation: z
    .object({
      id: z.string(),
      keyId: z.string(),
      startedAt: z.string(),
      startedBy: z.string(),
      finishedAt: z.string().nullable(),
      /** What is being looked at. */
      part: z.string(),
      passes: z.int(),
      /** Rows that the present pass has looked at. */
      lookedAt: z.int(),
      rewrapped: z.int(),
      /** Values of the present pass that no key opens. */
      unreadable: z.int(),
    })
    .nullable(),
});
