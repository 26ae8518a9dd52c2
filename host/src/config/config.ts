import { resolve } from 'node:path';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';

const flag = (fallback: boolean) =>
  z
    .enum(['true', 'false', '1', '0'])
    .optional()
    .transform((text) => (text === undefined ? fallback : text === 'true' || text === '1'));

const list = (isEntry: (entry: string) => boolean, expected: string) =>
  z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((entry) => entry.trim())
        .filter((entry) => entry !== ''),
    )
    .refine((entries) => entries.every(isEntry), `Expected ${expected}, separated by commas`);

/** Digits alone: a blank is read as 0 otherwise, which means something else where 0 turns a thing off. */
const whole = (unit: string, max: number) => {
  const expected = `Expected whole ${unit} from 0 to ${max}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, { error: expected, abort: true })
    .transform(Number)
    .refine((value) => value <= max, expected);
};

/** The environment, as .env.example documents it. */
export const configSchema = z
  .object({
    PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
    HOST: z.string().min(1).default('127.0.0.1'),
    PATCHBAY_DATA: z
      .string()
      .min(1)
      .default('.patchbay')
      .transform((folder) => resolve(folder)),
    DATABASE_URL: z
      .string()
      .regex(/^postgres(ql)?:\/\//, 'Expected a postgres:// URL')
      .optional(),
    PATCHBAY_BOOTSTRAP_TOKEN: z.string().min(16, 'Expected at least 16 characters').max(200).optional(),
    PATCHBAY_SECRET_KEY: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'Expected 32 bytes in hex')
      .optional(),
    /** `registry`: only the registry runs here, for other hosts. */
    PATCHBAY_ROLE: z.enum(['host', 'registry']).default('host'),
    /** A registry elsewhere that plugins come from; without it this host's own. */
    PATCHBAY_REGISTRY_URL: z.url({ protocol: /^https?$/ }).optional(),
    PATCHBAY_REGISTRY_TOKEN: z.string().min(1).max(500).optional(),
    /** Host keys that open what they sealed before, and the next one before it seals. */
    PATCHBAY_SECRET_KEYS_OLD: list((entry) => /^[0-9a-f]{64}$/.test(entry), 'keys of 32 bytes in hex'),
    PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
    TRUSTED_PROXIES: list(
      (entry) => ipaddr.isValid(entry) || ipaddr.isValidCIDR(entry),
      'addresses or networks such as 10.0.0.0/8',
    ),
    TLS_CERT_FILE: z.string().min(1).optional(),
    TLS_KEY_FILE: z.string().min(1).optional(),
    PATCHBAY_ALLOW_PLAIN_HTTP: flag(false),
    /** CIDRs of private networks that plugins and webhooks may reach. */
    EGRESS_ALLOW: list((entry) => ipaddr.isValidCIDR(entry), 'networks such as 10.0.0.0/8'),
    INTEGRATION_RATE_LIMIT: flag(true),
    INTEGRATION_VERIFY_SIGNATURES: flag(true),
    /** Days for which requests, events and deliveries are kept; 0 keeps them for ever. */
    RETENTION_DAYS: whole('days', 36_500).default(90),
    /** Hours after its approval for which no installation is updated to a version; 0 holds none. */
    UPDATE_COOLDOWN_HOURS: whole('hours', 8760).default(24),
    SANDBOX_PROCESSES: z.coerce.number().int().min(1).max(64).default(2),
    LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  })
  .superRefine((values, context) => {
    if ((values.TLS_CERT_FILE === undefined) !== (values.TLS_KEY_FILE === undefined))
      context.addIssue({
        code: 'custom',
        path: ['TLS_CERT_FILE'],
        message: 'TLS_CERT_FILE and TLS_KEY_FILE go together',
      });
    if (values.PATCHBAY_REGISTRY_URL !== undefined && values.PATCHBAY_ROLE === 'registry')
      context.addIssue({
        code: 'custom',
        path: ['PATCHBAY_REGISTRY_URL'],
        message: 'A registry reads no other registry. Leave it out, or set PATCHBAY_ROLE=host',
      });
    const loopback = ['127.0.0.1', '::1', 'localhost'].includes(values.HOST);
    if (!loopback && values.TLS_CERT_FILE === undefined && !values.PATCHBAY_ALLOW_PLAIN_HTTP)
      context.addIssue({
        code: 'custom',
        path: ['HOST'],
        message:
          'Plain http beyond loopback is refused. Set TLS_CERT_FILE and TLS_KEY_FILE, or PATCHBAY_ALLOW_PLAIN_HTTP=true behind a proxy that speaks TLS',
      });
  });

export type Config = Readonly<z.output<typeof configSchema>>;

export type ConfigResult =
  { ok: true; config: Config } | { ok: false; problems: { variable: string; message: string }[] };

/** Parses the environment once; every problem is reported at once. */
export function parseConfig(environment: Record<string, string | undefined>): ConfigResult {
  const present = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = configSchema.safeParse(present);
  if (parsed.success) return { ok: true, config: Object.freeze(parsed.data) };
  return {
    ok: false,
    problems: parsed.error.issues.map((issue) => ({ variable: issue.path.join('.'), message: issue.message })),
  };
}
