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
  /** Events that a connector emits. */
  eventsPerCall: 20,
  /** Keys of one page. */
  storeListKeys: 100,
  /** CPU time of all runs of an installation, before it has to stand back behind the others. */
  installationCpuMsPerMinute: 2 * SECOND_MS,
  /** CPU time of an installation's usual run, beyond which it stands back as well: nobody waits for such a run to end. */
  longRunMs: 10,
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
  /** Of requests that wait to be stored, on one host. */
  queueBytes: 64 * MIB,
  pendingAttempts: 8,
  /** A vendor's list of its addresses. */
  publishedRanges: 5000,
  publishedRangesBytes: MIB,
  /** An operator's own JSON Schema: its text, the schemas in it, how deep they are nested. */
  schemaBytes: 16 * KIB,
  schemaSize: 200,
  schemaDepth: 32,
  /** Schemas times values of a body: about a tenth of a second. */
  schemaWork: 250_000,
  /** What an operator has senders answered. */
  responseBytes: 4 * KIB,
  responseHeaders: 10,
  responseHeaderChars: 256,
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

/** Rules over the events of an integration. */
export const ruleLimits = {
  rulesPerIntegration: 20,
  changesPerRule: 10,
  nameChars: 80,
  expressionChars: 1000,
  /** A text that a rule sets as it stands. */
  valueChars: 1024,
  /** Rules times events of one run; more events take several runs. */
  evaluationsPerRun: 5000,
  /** Errors that a request keeps; further ones are counted. */
  errorsKept: 20,
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
  /** How many connectors in a row may answer each other's events. */
  emitDepth: 3,
  disableAfterFailingMs: 5 * 24 * HOUR_MS,
} as const;

/** A secret, or a hidden part of one. */
export const secretLimits = {
  /** A shorter one would be found in honest answers by chance. */
  charsMin: 8,
  charsMax: 8192,
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

/** How well alerts come in: what the health page says, and what opens an incident by itself. */
export const healthLimits = {
  /** Status is of the requests of this window. */
  statusHours: 24,
  healthyFromPercent: 95,
  degradedFromPercent: 80,
  /** How far back the history of an integration can be asked for. */
  historyHours: 24,
  historyHoursMax: 31 * 24,
  /** Counts of hours are kept this long however short the retention is: what is usual is learned from them. */
  keepHoursMs: 16 * 24 * HOUR_MS,
  watchEveryMs: MINUTE_MS,
  /** A watch that did not run for so long begins anew: nobody could post while the host was down. */
  watchGapMs: 10 * MINUTE_MS,
  /** What is usual is what was so in the week up to the last request. */
  usualMs: 7 * 24 * HOUR_MS,
  /** On how many days of that week something came, and how much, from those who normally talk. */
  usualDays: 5,
  usualRequests: 20,
  /** Silence is news when it is longer than the longest of the week times this, and than this. */
  silenceFactor: 2,
  silenceMinMs: 15 * MINUTE_MS,
  /** Failures are news when there are so many, and the part that fails is so far above the usual one. */
  failuresMin: 10,
  failuresAbovePercent: 20,
  /** They are over when the part that fails is this close to the usual again. */
  failuresOverPercent: 10,
} as const;

/** Removing what is too old. */
export const retentionLimits = {
  firstPruneMs: 5 * 60 * SECOND_MS,
  pruneEveryMs: HOUR_MS,
  rowsAtOnce: 1000,
} as const;

/** The management API. */
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
