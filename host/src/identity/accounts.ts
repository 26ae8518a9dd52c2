import type { UserId } from '@patchbay/plugin-sdk/contract/ids';
import type { Auth } from './auth.ts';

export interface NewAccount {
  name: string;
  email: string;
  password: string;
}

export type AccountResult = { ok: true; userId: UserId } | { ok: false; reason: 'email-taken' };

/** Makes an account that signs in with e-mail and password. Nobody can sign up alone: an owner or the setup calls this. */
export async function createAccount(auth: Auth, { name, email, password }: NewAccount): Promise<AccountResult> {
  const context = await auth.$context;
  const address = email.toLowerCase();
  const known = await context.internalAdapter.findUserByEmail(address);
  if (known !== null) return { ok: false, reason: 'email-taken' };
  const user = await context.internalAdapter.createUser(
    { name, email: address, emailVerified: false },
    { method: 'email-password' },
  );
  await context.internalAdapter.linkAccount({
    userId: user.id,
    providerId: 'credential',
    accountId: user.id,
    password: await context.password.hash(password),
  });
  return { ok: true, userId: user.id as UserId };
}
