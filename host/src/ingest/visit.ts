import { newId } from '@patchbay/plugin-sdk/contract/ids';
import { boundedText, storableJson, storableText } from '../store/storable.ts';
import type { DoorIntegration, DoorPlugin } from './door-integration.ts';
import { headerOf, type DoorRequest } from './door-request.ts';
import { plainHeaders, plainQuery } from './plugin-input.ts';
import type { RequestRow } from './request-row.ts';
import type { Origin } from './write-entry.ts';

/** A request at the door of an integration that exists. */
export interface Visit {
  /** A stranger until it has shown that it is more. */
  readonly from: Origin;
  readonly request: DoorRequest;
  readonly integration: DoorIntegration;
  readonly order: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly startedAt: number;
}

const CONTENT_TYPE_CHARS = 255;

/** The request as it is stored, without its credentials. */
export function rowOf(visit: Visit, plugin: DoorPlugin | null): RequestRow {
  const { request, integration, order } = visit;
  return {
    groupId: integration.groupId,
    requestId: newId('request', Math.floor(order / 1000)),
    integrationId: integration.integrationId,
    order,
    method: request.method,
    headers: storableJson(plainHeaders(request.headers, plugin)),
    query: storableJson(plainQuery(request.query, plugin)),
    contentType: boundedText(headerOf(request, 'content-type') ?? '', CONTENT_TYPE_CHARS),
    body: request.body,
    remoteAddress: storableText(request.address),
    pluginId: plugin?.pluginId ?? null,
    pluginVersion: plugin?.version ?? null,
  };
}

/** Since it came, in microseconds. */
export function elapsed(visit: Visit): number {
  return (performance.now() - visit.startedAt) * 1000;
}
