import { toJSONSchema, type $ZodType } from 'zod/v4/core';
import { unsupportedPart } from './unsupported-part.ts';

/**
 * Runs inside the engine, bundled with a plugin's schema modules: author code never runs in Node. Tells for each
 * export of each module what the compiler needs to put in its place.
 */
export type ExportReport =
  | { kind: 'schema'; name: string; schema: unknown }
  | { kind: 'constant'; name: string; json: string }
  | { kind: 'refused'; name: string; reason: string };

export function reportSchemas(modules: Record<string, unknown>[]): string {
  return JSON.stringify(
    modules.map((module) => Object.entries(module).map(([name, value]) => reportExport(name, value))),
  );
}

function reportExport(name: string, value: unknown): ExportReport {
  if (isSchema(value)) {
    const unsupported = unsupportedPart(value);
    if (unsupported !== undefined) return { kind: 'refused', name, reason: unsupported };
    try {
      return { kind: 'schema', name, schema: toJSONSchema(value, { io: 'input', unrepresentable: 'throw' }) };
    } catch (error) {
      return { kind: 'refused', name, reason: error instanceof Error ? error.message : String(error) };
    }
  }
  if (typeof value === 'function')
    return { kind: 'refused', name, reason: 'it is a function; schema modules export schemas, types and constants' };
  const json = JSON.stringify(value) as string | undefined;
  if (json === undefined) return { kind: 'refused', name, reason: 'it is neither a schema nor JSON' };
  return { kind: 'constant', name, json };
}

function isSchema(value: unknown): value is $ZodType {
  return typeof value === 'object' && value !== null && '_zod' in value;
}
