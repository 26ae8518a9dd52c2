/**
 * Every limit of the platform, with its unit in the name. The sandbox, the host, the registry and the
 * documentation read them from here, so that what an author tests against is what an operator runs.
 */

const KIB = 1024;
const MIB = 1024 * KIB;
const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** Budgets of one run of a plugin, and of all runs that make up one call. */
export const sandboxLimits = {
  runCpuMs: 200,
  callCpuMs: SECOND_MS,
  runWallMs: 2 * SECOND_MS,
  /** How long the sender's answer waits for the plugin, from dispatch. */
  syncBudgetMs: 50,
  /** The same for senders that need the plugin's own answer; they give up after about 3 s. */
  answerBudgetMs: 2 * SECOND_MS,
  memoryBytes: 64 * MIB,
  moduleBytes: 8 * MIB,
  /** Of all blocks that an Extism module has at one time. */
  hostBlockBytes: 16 * MIB,
  /** A body of `ingestLimits.bodyBytes` however JSON escapes it, with its headers and settings. */
  inputBytes: 8 * MIB,
  outputBytes: MIB,
  /** How deep JSON from a plugin may be nested: far below the depth at which a recursive writer gives up. */
  jsonDepth: 200,
  journalBytes: 4 * MIB,
  logBytes: 64 * KIB,
  logLines: 1000,
  requestsPerCall: 50,
  asksPerCall: 500,
  responseBytes: 256 * KIB,
  responseBytesMax: MIB,
  requestTimeoutMs: 10 * SECOND_MS,
  storeBytes: MIB,
  storeValueBytes: 64 * KIB,
  /** CPU time of all runs of an installation, before it has to stand back behind the others. */
  installationCpuMsPerMinute: 2 * SECOND_MS,
  /** Runs that a version has to come through before it is no longer new. */
  provenRuns: 20,
  /** Strikes (CPU time used up, traps) on so many different inputs within the window put a version into quarantine. */
  strikesToQuarantine: 5,
  strikeWindowMs: HOUR_MS,
} as const;

/** What a sender may post to an integration. */
export const ingestLimits = {
  bodyBytes: MIB,
  /** How many times larger than what came in a body may be once unpacked, beyond the bytes that are free. */
  decodedRatio: 200,
  decodedFreeBytes: 128 * KIB,
  headerCount: 100,
  headerBytes: 16 * KIB,
  queryBytes: 16 * KIB,
  eventsPerRequest: 1000,
  requestsPerMinute: 100,
  failuresPerAddressPerMinute: 60,
  signatureToleranceMs: 5 * MINUTE_MS,
  pendingPerGroup: 10_000,
  batchRequests: 256,
  pendingAttempts: 8,
} as const;

/** Bounds of the normalised event. Longer dedup keys are hashed, longer text is cut with a mark. */
export const eventLimits = {
  dedupKeyChars: 255,
  summaryChars: 1024,
  sourceChars: 512,
  labelChars: 255,
  customDetailsBytes: 64 * KIB,
  links: 20,
  images: 20,
  urlChars: 2048,
} as const;

/** The delivery queue's defaults; a destination may choose its own within the bounds. */
export const deliveryLimits = {
  retryScheduleMs: [
    5 * SECOND_MS,
    30 * SECOND_MS,
    2 * MINUTE_MS,
    10 * MINUTE_MS,
    30 * MINUTE_MS,
    HOUR_MS,
    2 * HOUR_MS,
    5 * HOUR_MS,
    10 * HOUR_MS,
  ],
  retryJitter: 0.2,
  retryAfterMaxMs: 6 * HOUR_MS,
  leaseMs: 60 * SECOND_MS,
  maxInFlight: 4,
  requestTimeoutMs: 15 * SECOND_MS,
  webhookResponseBytes: 16 * KIB,
  disableAfterFailingMs: 5 * 24 * HOUR_MS,
} as const;

/** A plugin package as uploaded. */
export const packageLimits = {
  packedBytes: 10 * MIB,
  unpackedBytes: 40 * MIB,
  compressionRatio: 50,
  /** Below this, the ratio says nothing: the padding of a small archive compresses well. */
  compressionRatioFromBytes: MIB,
  entries: 500,
  pathChars: 200,
  iconBytes: 64 * KIB,
  readmeBytes: 256 * KIB,
} as const;

/** The management API. */
/** Removing what is too old. */
export const retentionLimits = {
  firstPruneMs: 5 * 60 * SECOND_MS,
  pruneEveryMs: HOUR_MS,
  rowsAtOnce: 1000,
} as const;

export const apiLimits = {
  bodyBytes: MIB,
  pageSize: 50,
  pageSizeMax: 200,
  idempotencyKeyChars: 255,
  idempotencyKeepMs: 24 * HOUR_MS,
  /** Of a body that is refused, read so that the sender gets the answer. */
  drainedBytes: 16 * MIB,
  drainMs: 5000,
} as const;
