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
});
export type ApprovalStatement = z.infer<typeof approvalStatementSchema>;

const kinds = {
  release: { type: 'application/vnd.patchbay.release+json', schema: releaseStatementSchema },
  approval: { type: 'application/vnd.patchbay.approval+json', schema: approvalStatementSchema },
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
