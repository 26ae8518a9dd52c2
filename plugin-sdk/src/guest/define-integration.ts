import { emit } from './emit.ts';
import { ingestResult, type Ingested } from './ingest-result.ts';
import { IngestRequest } from './ingest-request.ts';
import { InvalidPayload } from './invalid-payload.ts';
import { log, type Log } from './log.ts';
import { once } from './once.ts';
import { sleep } from './sleep.ts';
import { store, type Store } from './store.ts';
import type {
  Change,
  DeliverInput,
  DeliverOutput,
  DeliverResult,
  IngestInput,
  IngestOutput,
} from '../contract/envelopes.ts';

/** What `ingest` gets beside the request. */
export interface IngestContext<Settings> {
  /** The integration's settings, with the manifest's defaults filled in. */
  configuration: Settings;
  log: Log;
}

/** What `deliver` gets beside the change. */
export interface DeliverContext<Settings> {
  /** The installation's settings, with the manifest's defaults filled in. */
  configuration: Settings;
  log: Log;
  /** `attempt` counts from 1. */
  delivery: DeliverInput['delivery'];
  store: Store;
  once: typeof once;
  emit: typeof emit;
  sleep: typeof sleep;
}

/** What `defineIntegration` takes: a function for each export that plugin.json provides. */
export interface IntegrationDefinition<Settings> {
  /** Makes events of a sender's request. Pure: it has no effects but log lines. */
  ingest?(request: IngestRequest, context: IngestContext<Settings>): Ingested | Promise<Ingested>;
  /** Carries a change of an incident to the outside. May be run again from the start at any time: see the guide. */
  deliver?(change: Change, context: DeliverContext<Settings>): DeliverResult | Promise<DeliverResult>;
}

/** A plugin's default export, in the terms of the ABI: envelopes in, envelopes out. */
export interface Integration {
  ingest?(input: IngestInput): IngestOutput | Promise<IngestOutput>;
  deliver?(input: DeliverInput): DeliverOutput | Promise<DeliverOutput>;
}

const ABI = 1;

/**
 * Defines a plugin; the result is the default export of its `src/index.ts`.
 *
 * @typeParam Settings the shape of the settings that plugin.json declares under `configuration`
 */
export function defineIntegration<Settings = Record<string, unknown>>(
  definition: IntegrationDefinition<Settings>,
): Integration {
  const integration: Integration = {};
  if (definition.ingest !== undefined) {
    const ingest = definition.ingest.bind(definition);
    integration.ingest = ({ request, configuration }) => {
      try {
        const ingested = ingest(new IngestRequest(request), { configuration: configuration as Settings, log });
        return ingested instanceof Promise ? ingested.then(ingestOutput, refused) : ingestOutput(ingested);
      } catch (error) {
        return refused(error);
      }
    };
  }
  if (definition.deliver !== undefined) {
    const deliver = definition.deliver.bind(definition);
    integration.deliver = async ({ change, delivery, configuration }) => {
      const context = { configuration: configuration as Settings, log, delivery, store, once, emit, sleep };
      const result = await deliver(change, context);
      if (typeof result !== 'object' || result === null)
        throw new TypeError('deliver gives what one of delivered, skipped, retry and failed gives');
      return { abi: ABI, result };
    };
  }
  return integration;
}

function ingestOutput(ingested: Ingested): IngestOutput {
  return { abi: ABI, result: ingestResult(ingested) };
}

function refused(error: unknown): IngestOutput {
  if (!(error instanceof InvalidPayload)) throw error;
  return { abi: ABI, result: { outcome: 'invalid', reason: error.message.slice(0, 512), issues: error.issues } };
}
