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
  /** CPU time of one run. */
  runCpuMs: 200,
  /** CPU time of all runs of a call. */
  callCpuMs: SECOND_MS,
  /** Time of one run by the clock. */
  runWallMs: 2 * SECOND_MS,
  /** How long the sender's answer waits for the plugin, from when its run is handed to a process. */
  syncBudgetMs: 50,
  /** How long it waits for that at most, while the runs before it go on. */
  dispatchBudgetMs: 500,
  /** The same for senders that need the plugin's own answer; they give up after about 3 s. */
  answerBudgetMs: 2 * SECOND_MS,
  /** Memory of a module. */
  memoryBytes: 64 * MIB,
  /** Size of a module. */
  moduleBytes: 8 * MIB,
  /** Of all blocks that an Extism module has at one time. */
  hostBlockBytes: 16 * MIB,
  /** A body of `ingestLimits.bodyBytes` however JSON escapes it, with its headers and settings. */
  inputBytes: 8 * MIB,
  /** What one run gives as output. */
  outputBytes: MIB,
  /** How deep JSON from a plugin may be nested: far below the depth at which a recursive writer gives up. */
  jsonDepth: 200,
  /** What a call asked for and was answered. */
  journalBytes: 4 * MIB,
  /** What one run logs. */
  logBytes: 64 * KIB,
  /** Lines that one run logs. */
  logLines: 1000,
  /** Requests to the outside. */
  requestsPerCall: 50,
  /** Asks of every kind. */
  asksPerCall: 500,
  /** An answer to a request, unless plugin.json says otherwise in `limits.responseBytes`. */
  responseBytes: 256 * KIB,
  /** The most that `limits.responseBytes` of plugin.json may say. */
  responseBytesMax: MIB,
  /** How long a request waits for its answer. */
  requestTimeoutMs: 10 * SECOND_MS,
  /** The store of an installation; `permissions.store.bytes` may say less. */
  storeBytes: MIB,
  /** One value of the store. */
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
  /** See strikesToQuarantine. */
  strikeWindowMs: HOUR_MS,
} as const;

/** What a sender may post to an integration. */
export const ingestLimits = {
  /** A body. */
  bodyBytes: MIB,
  /** How many times larger than what came in a body may be once unpacked, beyond the bytes that are free. */
  decodedRatio: 200,
  /** What a body may be unpacked to whatever its ratio. */
  decodedFreeBytes: 128 * KIB,
  /** Headers of a request. */
  headerCount: 100,
  /** All headers together. */
  headerBytes: 16 * KIB,
  /** The query. */
  queryBytes: 16 * KIB,
  /** Events that one request makes. */
  eventsPerRequest: 1000,
  /** Requests to one integration. */
  requestsPerMinute: 100,
  /** Refused requests from one address, before it has to wait. */
  failuresPerAddressPerMinute: 60,
  /** How old the time in a signature may be. */
  signatureToleranceMs: 5 * MINUTE_MS,
  /** Requests of a group that wait to be processed. */
  pendingPerGroup: 10_000,
  /** Requests that are stored at once. */
  batchRequests: 256,
  /** Of requests that wait to be stored, on one host. */
  queueBytes: 64 * MIB,
  /** How often a request is processed before it is given up. */
  pendingAttempts: 8,
  /** A vendor's list of its addresses. */
  publishedRanges: 5000,
  /** The text of such a list. */
  publishedRangesBytes: MIB,
  /** An operator's own JSON Schema: its text. */
  schemaBytes: 16 * KIB,
  /** The schemas in it. */
  schemaSize: 200,
  /** How deep they are nested. */
  schemaDepth: 32,
  /** Schemas times values of a body: about a tenth of a second. */
  schemaWork: 250_000,
  /** What an operator has senders answered. */
  responseBytes: 4 * KIB,
  /** Headers of such an answer. */
  responseHeaders: 10,
  /** The value of such a header. */
  responseHeaderChars: 256,
} as const;

/** Bounds of the normalised event. Longer dedup keys are hashed, longer text is cut with a mark. */
export const eventLimits = {
  /** The deduplication key. */
  dedupKeyChars: 255,
  /** The summary. */
  summaryChars: 1024,
  /** The source. */
  sourceChars: 512,
  /** Component, group, class, and the text of a link. */
  labelChars: 255,
  /** The details, as JSON. */
  customDetailsBytes: 64 * KIB,
  /** Links. */
  links: 20,
  /** Images. */
  images: 20,
  /** An address. */
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
  /** The waits between attempts. */
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
  /** The part by which a wait is shortened or lengthened at random. */
  retryJitter: 0.2,
  /** The longest wait that an answer may ask for. */
  retryAfterMaxMs: 6 * HOUR_MS,
  /** How long an attempt is held by one worker before another takes it over. */
  leaseMs: 60 * SECOND_MS,
  /** Deliveries to one destination at the same time. */
  maxInFlight: 4,
  /** How long an outgoing webhook waits for its answer. */
  requestTimeoutMs: 15 * SECOND_MS,
  /** What is read of the answer to an outgoing webhook. */
  webhookResponseBytes: 16 * KIB,
  /** How many connectors in a row may answer each other's events. */
  emitDepth: 3,
  /** How long a destination may fail without a success before it is disabled. */
  disableAfterFailingMs: 5 * 24 * HOUR_MS,
} as const;

/** A secret, or a hidden part of one. */
export const secretLimits = {
  /** A shorter one would be found in honest answers by chance. */
  charsMin: 8,
  /** The longest secret. */
  charsMax: 8192,
} as const;

/** A plugin package as uploaded. */
export const packageLimits = {
  /** The package as it is uploaded. */
  packedBytes: 10 * MIB,
  /** All of its files together. */
  unpackedBytes: 40 * MIB,
  /** How many times larger it may be unpacked. */
  compressionRatio: 50,
  /** Below this, the ratio says nothing: the padding of a small archive compresses well. */
  compressionRatioFromBytes: MIB,
  /** Files. */
  entries: 500,
  /** The path of a file. */
  pathChars: 200,
  /** The icon. */
  iconBytes: 64 * KIB,
  /** The README. */
  readmeBytes: 256 * KIB,
} as const;

/** How long an answer of a database is waited for. */
export const databaseLimits = {
  /** Of one on a server: a connection that is silent for so long is given up; the server ends a query after 30 s. */
  silenceMs: 35 * SECOND_MS,
  /** The connection that listens is asked for a sign of life so often; nothing else may be said on it for days. */
  heartbeatEveryMs: 15 * SECOND_MS,
  /** How long its answer is waited for, before the connection is opened again. */
  heartbeatAnswerMs: 10 * SECOND_MS,
  /** Of the embedded one, which cannot end a statement itself: it is opened again. */
  embeddedStatementMs: MINUTE_MS,
  /** Of a procedure of it, which is many statements, and may be tried again. */
  embeddedProcedureMs: 5 * MINUTE_MS,
  /** Of opening or closing it, with what it has to recover. */
  embeddedOpenMs: 10 * MINUTE_MS,
} as const;

/** What an installation may be updated to. */
export const updateLimits = {
  /** Versions newer than what is installed that are looked at until one is found that is not held. */
  versionsLookedAt: 20,
} as const;

/** What a registry lets one person decide. */
export const reviewLimits = {
  /** Installations that one reviewer may stop by a hard revocation; more take a second reviewer. */
  loneRevocationInstalls: 50,
  /** What that reviewer stopped alone within this time counts too. */
  loneRevocationMs: 24 * HOUR_MS,
} as const;

/** Compiling the sources of a package again. */
export const reproductionLimits = {
  /** Of one package, by the clock. */
  deadlineMs: 30 * SECOND_MS,
  /** Of one process, which may take many packages. */
  cpuSeconds: 600,
  /** Of V8's heap. */
  heapMegabytes: 384,
  /** What a process can have of memory that it can write to: heap, engines, buffers. */
  memoryBytes: 1536 * MIB,
} as const;

/** Checking again what is published. */
export const recheckLimits = {
  /** How often what is due is looked for. */
  everyMs: 10 * MINUTE_MS,
  /** Versions of one round, where twice what a day needs is not more. */
  perRound: 20,
  /** When a version of which a check could not be carried out is tried again; twice as long after every further time. */
  retryMs: HOUR_MS,
  retryMaxMs: 24 * HOUR_MS,
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
  /** How long a request, with its body, may take to arrive. */
  requestMs: 2 * MINUTE_MS,
  /** Of a body that is refused, read so that the sender gets the answer. */
  drainedBytes: 16 * MIB,
  drainMs: 5000,
} as const;
