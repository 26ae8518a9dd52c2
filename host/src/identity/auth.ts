import { randomBytes } from 'node:crypto';
import { newId } from '@patchbay/plugin-sdk/contract/ids';
import { betterAuth } from 'better-auth';
import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';

const SESSION_SECONDS = 14 * 24 * 3600;
const SESSION_REFRESH_SECONDS = 24 * 3600;
export const PASSWORD_CHARS_MIN = 10;
export const PASSWORD_CHARS_MAX = 200;

interface AuthOptions {
  db: Kysely<Database>;
  /** Signs the session cookie. */
  secret: string;
  publicUrl: string;
}

/**
 * Accounts, passwords (scrypt) and sessions by better-auth, on our tables. Its own HTTP handler is not mounted: our
 * routes call its functions, so that every route has its access rule and every error our envelope.
 */
export function createAuth({ db, secret, publicUrl }: AuthOptions) {
  return betterAuth({
    database: { db: db as never, type: 'postgres' },
    secret,
    baseURL: publicUrl,
    basePath: '/api/auth',
    trustedOrigins: [publicUrl],
    telemetry: { enabled: false },
    logger: { disabled: true },
    user: { modelName: 'auth_users' },
    session: { modelName: 'auth_sessions', expiresIn: SESSION_SECONDS, updateAge: SESSION_REFRESH_SECONDS },
    account: { modelName: 'auth_accounts' },
    verification: { modelName: 'auth_verifications' },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: PASSWORD_CHARS_MIN,
      maxPasswordLength: PASSWORD_CHARS_MAX,
    },
    rateLimit: { enabled: false },
    advanced: {
      cookiePrefix: 'patchbay',
      useSecureCookies: publicUrl.startsWith('https:'),
      defaultCookieAttributes: { sameSite: 'lax', httpOnly: true, path: '/' },
      database: {
        generateId: ({ model }) =>
          model === 'auth_users' || model === 'user' ? newId('user') : randomBytes(18).toString('base64url'),
      },
    },
  });
}

export type Auth = ReturnType<typeof createAuth>;
