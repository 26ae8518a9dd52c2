import { z } from 'zod';
import { consentLineSchema } from './plugins.ts';

/** What a registry says about submissions, reviews and revocations: the same for its pages, the CLI and other hosts. */
export const submissionStates = [
  'uploaded',
  'checking',
  'in_review',
  'changes_requested',
  'approved',
  'published',
  'rejected',
  'quarantined',
] as const;
export type SubmissionState = (typeof submissionStates)[number];
export const submissionStateSchema = z.enum(submissionStates);

export const findingSchema = z.object({
  /** Stable name such as `secrets.aws-key`. */
  rule: z.string(),
  /** File, with line and column where there are such. */
  place: z.string(),
  message: z.string(),
  /** What to do about it. */
  advice: z.string(),
  level: z.enum(['error', 'warning']),
});
export type SubmissionFinding = z.infer<typeof findingSchema>;

export const submissionCheckSchema = z.object({
  name: z.string(),
  outcome: z.enum(['passed', 'failed', 'errored']),
  summary: z.string(),
  findings: z.array(findingSchema),
  checkedAt: z.string(),
});
export type SubmissionCheck = z.infer<typeof submissionCheckSchema>;

/** What stands against a published version, the gravest first; only the last of these is in the catalogue. */
export const releaseStateSchema = z.enum(['revoked', 'held', 'yanked', 'published']);

/** POST /api/registry/plugins; GET /api/registry/submissions and /submissions/mine, oldest first. */
export const submissionSchema = z.object({
  submissionId: z.string(),
  plugin: z.string(),
  version: z.string(),
  sha256: z.string(),
  state: submissionStateSchema,
  /** Why it was rejected, held or sent back. */
  reason: z.string().nullable(),
  submittedBy: z.string(),
  submittedAt: z.string(),
  stateSince: z.string(),
  approvals: z.object({ given: z.int(), needed: z.int() }),
  checks: z.array(submissionCheckSchema),
  /** What became of the version since it was published; null before that, and from a registry that does not say. */
  release: z.object({ state: releaseStateSchema, reason: z.string().nullable() }).nullable().default(null),
});
export type Submission = z.infer<typeof submissionSchema>;

export const submissionListSchema = z.object({
  items: z.array(submissionSchema),
  /** How many there are in each state, whatever the filter. */
  counts: z.record(z.string(), z.int()),
});

const changedFileSchema = z.object({
  path: z.string(),
  change: z.enum(['added', 'removed', 'changed']),
  bytesBefore: z.int().nullable(),
  bytesAfter: z.int().nullable(),
  /** False for what is not text. */
  readable: z.boolean(),
});

/** What a version is compared with the last published one by: most dangerous first. */
export const versionDifferenceSchema = z.object({
  /** The version compared with; null for the first. */
  before: z.string().nullable(),
  consent: z.object({ added: z.array(consentLineSchema), removed: z.array(consentLineSchema) }),
  imports: z.object({ added: z.array(z.string()), removed: z.array(z.string()) }),
  bytes: z.object({ before: z.int().nullable(), after: z.int() }),
  files: z.array(changedFileSchema),
  unchangedFiles: z.int(),
});
export type VersionDifference = z.infer<typeof versionDifferenceSchema>;

/** GET /api/registry/submissions/:id: for its author and for reviewers. */
export const submissionDetailSchema = submissionSchema.extend({
  name: z.string(),
  summary: z.string(),
  authorKeyId: z.string(),
  consent: z.array(consentLineSchema),
  imports: z.array(z.string()),
  difference: versionDifferenceSchema,
  reviews: z.array(z.object({ reviewer: z.string(), sha256: z.string(), note: z.string(), at: z.string() })),
  events: z.array(
    z.object({ state: submissionStateSchema, actor: z.string(), reason: z.string().nullable(), at: z.string() }),
  ),
  /** The author's earlier submissions by state. */
  history: z.record(z.string(), z.int()),
  /** Names of the checks that are still to be made, in their order. */
  checksToCome: z.array(z.string()),
  /** What keeps who asks from approving it; null when nothing does. */
  mayNotApprove: z.string().nullable(),
});
export type SubmissionDetail = z.infer<typeof submissionDetailSchema>;

/** GET /api/registry/submissions/:id/file?path= */
export const comparedFileSchema = z.object({ before: z.string().nullable(), after: z.string().nullable() });

/** GET /api/registry/submissions/:id/behaviour: both versions on the fixtures of both. */
export const behaviourSchema = z.object({
  items: z.array(
    z.object({
      fixture: z.string(),
      description: z.string(),
      /** As JSON text; null where that version does not provide what the fixture is of. */
      before: z.string().nullable(),
      after: z.string().nullable(),
      differs: z.boolean(),
    }),
  ),
});
export type Behaviour = z.infer<typeof behaviourSchema>;

export const approvalInputSchema = z.object({
  /** Of the package that was read; another one is not approved. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  note: z.string().max(1000).default(''),
});
export const reasonInputSchema = z.object({ reason: z.string().trim().min(1).max(1000) });

/** GET /api/registry/plugins/mine: what who asks has published, with what became of it. */
export const ownPluginSchema = z.object({
  plugin: z.string(),
  name: z.string(),
  latestVersion: z.string().nullable(),
  installs: z.int(),
  deprecated: z.object({ message: z.string(), replacement: z.string().nullable() }).nullable(),
  versions: z.array(
    z.object({
      version: z.string(),
      state: releaseStateSchema,
      reason: z.string().nullable(),
      installs: z.int(),
      publishedAt: z.string(),
    }),
  ),
});
export type OwnPlugin = z.infer<typeof ownPluginSchema>;

export const revocationKinds = ['hard', 'soft'] as const;
/** POST /api/registry/revocations: `hard` runs nowhere, `soft` is disabled and may be enabled again. */
export const revocationInputSchema = z.object({
  plugin: z.string().min(3).max(80),
  /** A range of versions as npm writes it: `1.2.0`, `<1.3.0`, `*`. */
  range: z.string().trim().min(1).max(100),
  kind: z.enum(revocationKinds),
  reason: z.string().trim().min(1).max(1000),
});

/** GET /api/registry/revocations/preview?plugin=&range= */
export const revocationPreviewSchema = z.object({
  versions: z.array(
    z.object({
      version: z.string(),
      state: z.string(),
      /** How it is revoked already. */
      revoked: z.enum(revocationKinds).nullable(),
      installs: z.int(),
    }),
  ),
  installs: z.int(),
  /** Installations that you have stopped alone within the last 24 hours, by hard revocations of anything. */
  stoppedAlone: z.int(),
  /** A hard revocation of this, together with those, waits for a second reviewer, and is a soft one until then. */
  hardNeedsSignOff: z.boolean(),
});
export type RevocationPreview = z.infer<typeof revocationPreviewSchema>;

/** The answer to POST /api/registry/revocations. */
export const revocationResultSchema = z.object({
  /** Versions that were revoked now: softly, while `signOff` waits. */
  revoked: z.array(z.string()),
  /** The second sign-off that a hard revocation waits for; null when it waits for none. */
  signOff: z
    .object({
      id: z.string(),
      /** What it touches, what you stopped alone before, and the most that one reviewer may within 24 hours. */
      installs: z.int(),
      stoppedAlone: z.int(),
      limit: z.int(),
    })
    .nullable(),
});

/** GET /api/registry/sign-offs: hard revocations that wait for a second reviewer, oldest first. */
export const signOffSchema = z.object({
  id: z.string(),
  plugin: z.string(),
  range: z.string(),
  versions: z.array(z.string()),
  /** Installations of these versions when it was asked. */
  installs: z.int(),
  reason: z.string(),
  askedBy: z.string(),
  askedAt: z.string(),
  /** What keeps who asks from confirming it; null when nothing does. */
  mayNotConfirm: z.string().nullable(),
});
export type SignOff = z.infer<typeof signOffSchema>;
export const signOffListSchema = z.object({ items: z.array(signOffSchema) });

/** POST /api/registry/sign-offs/:id/confirm */
export const signOffConfirmedSchema = z.object({ revoked: z.array(z.string()) });

/** GET /api/registry/held: published versions that are not offered until a person has looked, oldest first. */
export const heldVersionSchema = z.object({
  plugin: z.string(),
  version: z.string(),
  submissionId: z.string(),
  reason: z.string(),
  heldAt: z.string(),
  installs: z.int(),
  /** What a check has found and a release says is none, for exactly this content. */
  waives: z.array(z.object({ rule: z.string(), place: z.string() })),
  /** What keeps who asks from releasing it; null when nothing does. */
  mayNotRelease: z.string().nullable(),
});
export type HeldVersion = z.infer<typeof heldVersionSchema>;
export const heldVersionListSchema = z.object({ items: z.array(heldVersionSchema) });

/** GET /api/registry/revocations */
export const revocationSchema = z.object({
  plugin: z.string(),
  version: z.string(),
  kind: z.enum(revocationKinds),
  reason: z.string(),
  by: z.string(),
  at: z.string(),
  installs: z.int(),
});
export const revocationListSchema = z.object({
  items: z.array(revocationSchema),
  /** Hosts that ask this registry, and how many of them have the newest list. */
  hosts: z.object({ known: z.int(), reached: z.int() }),
});

/** GET /api/registry/checks, PUT /api/registry/checks/:name: the switches of a check; a fixed one is always on. */
export const checkPolicySchema = z.object({
  name: z.string(),
  enabled: z.boolean(),
  enforced: z.boolean(),
  required: z.boolean(),
  fixed: z.boolean(),
});
export type CheckPolicy = z.infer<typeof checkPolicySchema>;
export const checkPolicyInputSchema = reasonInputSchema.extend({
  enabled: z.boolean(),
  enforced: z.boolean(),
  required: z.boolean(),
});

/** POST /api/registry/submissions/:id/waivers: a finding, as the checks named it, is none. */
export const waiverInputSchema = reasonInputSchema.extend({ rule: z.string().max(100), place: z.string().max(300) });

/** GET and POST /api/registry/bad-digests, DELETE /api/registry/bad-digests/:sha256 */
export const badDigestInputSchema = reasonInputSchema.extend({ sha256: z.string().regex(/^[0-9a-f]{64}$/) });
export const badDigestSchema = z.object({
  sha256: z.string(),
  reason: z.string(),
  addedBy: z.string(),
  addedAt: z.string(),
});

/** GET /api/registry/log?after=: the decision log as it was hashed and signed; GET /api/registry/log/head. */
export const decisionLogPageSchema = z.object({
  items: z.array(z.object({ seq: z.int(), entry: z.string(), hash: z.string(), signature: z.string() })),
  /** The `after` of the next page; null at the end. */
  next: z.int().nullable(),
});
export const decisionLogHeadSchema = z.object({
  seq: z.int(),
  hash: z.string(),
  /** DSSE over seq, hash and time. */
  envelope: z.object({
    payloadType: z.string(),
    payload: z.string(),
    signatures: z.array(z.object({ keyid: z.string(), sig: z.string() })),
  }),
});

export const deprecationInputSchema = z.object({
  message: z.string().trim().min(1).max(500),
  replacement: z.string().max(80).nullable().default(null),
});
