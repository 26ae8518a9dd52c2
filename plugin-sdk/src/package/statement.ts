import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { pluginIdSchema, pluginVersionSchema } from '../contract/plugin-id.ts';
import { canonicalJson } from './canonical-json.ts';
import { openEnvelope, signEnvelope, type Envelope, type SigningKey } from './dsse.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const subject = {
  id: pluginIdSchema,
  version: pluginVersionSchema,
  /** Of the exact bytes of the package. */
  sha256: digest,
  moduleSha256: digest,
};

/** What an author signs: these bytes are this version of this plugin. */
export const releaseStatementSchema = z.strictObject({
  ...subject,
  hostApi: z.string().max(64),
  sdk: z.string().max(64),
});
export type ReleaseStatement = z.infer<typeof releaseStatementSchema>;

/** What a registry signs when a version was approved. */
export const approvalStatementSchema = z.strictObject({
  ...subject,
  /** Key id of the author whose release was approved. */
  author: digest,
  /** ISO 8601, UTC. */
  approvedAt: z.string().max(40),
  /** Who decided: a reviewer, or the name of a recorded policy. */
  approvedBy: z.string().max(200),
  /** How long updates to it wait, where the recorded policy that decided says so; else each host's own setting counts. */
  cooldownSeconds: z.int().nonnegative().optional(),
});
export type ApprovalStatement = z.infer<typeof approvalStatementSchema>;

/**
 * What a registry signs for its hosts again and again: every version that is revoked. A host takes no list whose number
 * is lower than the one it has, and none that has ended.
 */
export const revocationsStatementSchema = z.strictObject({
  /** Of the newest decision in the registry's log. */
  number: z.int().nonnegative(),
  logHash: z.string().regex(/^([0-9a-f]{64})?$/),
  issuedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  entries: z
    .array(
      z.strictObject({
        id: pluginIdSchema,
        version: pluginVersionSchema,
        moduleSha256: digest,
        kind: z.enum(['hard', 'soft']),
        reason: z.string().max(1000),
        revokedAt: z.iso.datetime(),
      }),
    )
    .max(10_000),
});
export type RevocationsStatement = z.infer<typeof revocationsStatementSchema>;

/**
 * What a registry signs with every answer of its catalogue. A host takes none with a lower number than it has seen,
 * whatever named that number.
 */
export const catalogueStatementSchema = z.strictObject({
  /** Of the newest decision in the registry's log, when it was asked. */
  number: z.int().nonnegative(),
  logHash: z.string().regex(/^([0-9a-f]{64})?$/),
  issuedAt: z.iso.datetime(),
  /** Digests of what was asked and of what is answered, as canonical JSON. */
  question: digest,
  answer: digest,
});

/** What a registry signs of its decision log: how far it has come. */
export const logHeadStatementSchema = z.strictObject({
  seq: z.int().nonnegative(),
  hash: z.string().regex(/^([0-9a-f]{64})?$/),
  at: z.iso.datetime(),
});

/** What an author signs with an enrolled key: this other key signs for the namespace from now on. */
export const keyRotationStatementSchema = z.strictObject({
  namespace: z.string().max(40),
  /** SubjectPublicKeyInfo as PEM. */
  publicKey: z.string().max(4096),
});

const kinds = {
  release: { type: 'application/vnd.patchbay.release+json', schema: releaseStatementSchema },
  approval: { type: 'application/vnd.patchbay.approval+json', schema: approvalStatementSchema },
  revocations: { type: 'application/vnd.patchbay.revocations+json', schema: revocationsStatementSchema },
  catalogue: { type: 'application/vnd.patchbay.catalogue+json', schema: catalogueStatementSchema },
  'log-head': { type: 'application/vnd.patchbay.log-head+json', schema: logHeadStatementSchema },
  'key-rotation': { type: 'application/vnd.patchbay.key-rotation+json', schema: keyRotationStatementSchema },
} as const;
export type StatementKind = keyof typeof kinds;
export type Statement<K extends StatementKind> = z.infer<(typeof kinds)[K]['schema']>;

export function signStatement<K extends StatementKind>(kind: K, statement: Statement<K>, key: SigningKey): Envelope {
  return signEnvelope(kinds[kind].type, canonicalJson(statement), key);
}

export type StatementResult<K extends StatementKind> =
  { ok: true; statement: Statement<K>; keyId: string } | { ok: false; message: string };

/** Verifies the signature first; only then is the payload parsed. */
export function verifyEnvelope<K extends StatementKind>(
  kind: K,
  envelope: Envelope,
  keys: ReadonlyMap<string, KeyObject>,
): StatementResult<K> {
  const opened = openEnvelope(envelope, kinds[kind].type, keys);
  if (!opened.ok) return { ok: false, message: opened.message };
  const parsed = kinds[kind].schema.safeParse(jsonOrUndefined(opened.payload));
  if (!parsed.success) return { ok: false, message: `The signed ${kind} statement is malformed.` };
  return { ok: true, statement: parsed.data as Statement<K>, keyId: opened.keyId };
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
