import { z } from 'zod';

/**
 * The settings form of a plugin: the part of JSON Schema 2020-12 that the interface can draw as a form. One flat
 * object; each field is a scalar, a choice, a list of text, or a map from text to text.
 */
const base = {
  title: z.string().min(1).max(80),
  description: z.string().max(400).optional(),
};

const fieldSchema = z.union([
  z.strictObject({
    ...base,
    type: z.literal('string'),
    default: z.string().optional(),
    enum: z.array(z.string()).min(1).max(50).optional(),
    format: z.enum(['uri', 'email', 'json-path']).optional(),
    pattern: z.string().max(200).optional(),
    minLength: z.int().min(0).optional(),
    maxLength: z.int().min(1).max(10_000).optional(),
    /** Drawn as a text area. */
    multiline: z.boolean().optional(),
    examples: z.array(z.string()).max(3).optional(),
  }),
  z.strictObject({
    ...base,
    type: z.enum(['integer', 'number']),
    default: z.number().optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
  }),
  z.strictObject({ ...base, type: z.literal('boolean'), default: z.boolean().optional() }),
  z.strictObject({
    ...base,
    type: z.literal('array'),
    items: z.strictObject({ type: z.literal('string') }),
    default: z.array(z.string()).optional(),
    maxItems: z.int().min(1).max(100).optional(),
  }),
  z.strictObject({
    ...base,
    type: z.literal('object'),
    additionalProperties: z.strictObject({ type: z.literal('string') }),
    default: z.record(z.string(), z.string()).optional(),
  }),
]);

export const configurationSchemaSchema = z.strictObject({
  type: z.literal('object').default('object'),
  properties: z
    .record(z.string().regex(/^[a-z][A-Za-z0-9]{0,63}$/, 'Expected a camelCase name'), fieldSchema)
    .default({}),
  required: z.array(z.string()).default([]),
});

export type ConfigurationField = z.infer<typeof fieldSchema>;
export type ConfigurationSchema = z.infer<typeof configurationSchemaSchema>;

/** Values of a settings form. */
export type Configuration = Record<string, unknown>;
