/** What a plugin imports as `@patchbay/plugin-sdk`. */
export { cloudEventsOf, isCloudEvent } from './cloud-event.ts';
export type { CloudEvent } from './cloud-event.ts';
export { defineIntegration } from './define-integration.ts';
export type { DeliverContext, IngestContext, Integration, IntegrationDefinition } from './define-integration.ts';
export type { IngestRequest, SafeParsed } from './ingest-request.ts';
export { accepted, ignored, invalid } from './ingest-result.ts';
export type { Answer, Ingested, IngestReply } from './ingest-result.ts';
export { delivered, failed, retry, skipped } from './deliver-result.ts';
export type { Retry } from './deliver-result.ts';
export { PatchbayError } from './patchbay-error.ts';
export {
  clip,
  dedupKey,
  firstText,
  labelText,
  linksFrom,
  sourceText,
  summaryText,
  textOf,
  webUrl,
} from './event-text.ts';
export { severityOf, severityReader } from './severity.ts';
export { fitOutput } from './fit-output.ts';
export { eventOf } from './event-of.ts';
export type { EventFacts, Reading } from './event-of.ts';
export { actEvent, actOf, typedAct } from './incident-act.ts';
export type { IncidentAct } from './incident-act.ts';
export { instantText } from './instant.ts';
export { isPlaceholder, looseFields } from './loose-fields.ts';
export type { LooseFields } from './loose-fields.ts';
export { hostOf } from './web-host.ts';
export { branchFilter, unwantedBranch } from './branch-filter.ts';
export { messageOf } from './request-message.ts';
export { pathsOf, valueAt } from './json-path.ts';
export { isMapped, mapped, readMapping } from './mapping.ts';
export type { Mapped, Mapping } from './mapping.ts';
export { ingestedFrom, messagesIn, readMessages } from './readings.ts';
export { productEvent } from './product-format.ts';
export type { MessageReading, PlacedMessage } from './readings.ts';
export { detailsOf, redact, redactText } from './redact.ts';
export { jsonFrom } from './json-depth.ts';
export type { Log } from './log.ts';
export type { Store, StoredValue, WriteCondition } from './store.ts';
export type { OnceSteps } from './once.ts';
export type { EventAction, EventDetails, EventPayload, Severity } from '../contract/event-payload.ts';
export type {
  Change,
  ChangeType,
  DeliverResult,
  IncidentSnapshot,
  Issue,
  LinkedObject,
} from '../contract/envelopes.ts';
