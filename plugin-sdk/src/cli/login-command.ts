import { sessionSchema } from '../contract/rest/identity.ts';
import { askRegistry } from './ask-registry.ts';
import { failure, type CommandResult } from './command-result.ts';
import { findLogin, saveLogin, type RegistryOptions } from './login.ts';

/** Tries a token at a registry and remembers both. */
export async function loginCommand(options: RegistryOptions): Promise<CommandResult> {
  const found = await findLogin(options);
  if (!found.ok) return found.result;
  const { login } = found;
  const asked = await askRegistry(login, { path: '/api/session', schema: sessionSchema });
  if (!asked.ok) return asked.result;
  const { registryRoles, user } = asked.value;
  if (!registryRoles.some((role) => role === 'author' || role === 'admin'))
    return failure('FORBIDDEN', 'This token may read and not publish: its owner is no author of the registry.');
  const file = await saveLogin(login);
  const who = user?.name ?? 'a token of nobody';
  return {
    exitCode: 0,
    report: { registry: login.registry, user: user?.name ?? null, roles: registryRoles, file },
    lines: [`Logged in at ${login.registry} as ${who} (${registryRoles.join(', ')}); kept in ${file}`],
  };
}
