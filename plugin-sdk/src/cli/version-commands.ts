import { z } from 'zod';
import { ownPluginSchema } from '../contract/rest/registry.ts';
import { askRegistry, type RegistryReply } from './ask-registry.ts';
import { failure, usageError, type CommandResult } from './command-result.ts';
import { findLogin, type RegistryOptions } from './login.ts';

const nothingSchema = z.unknown();

/** One's own plugins, or one of them, with what became of each version. */
export async function versionsCommand(plugin: string | undefined, options: RegistryOptions): Promise<CommandResult> {
  const found = await findLogin(options);
  if (!found.ok) return found.result;
  const schema = z.object({ items: z.array(ownPluginSchema) });
  const asked = await askRegistry(found.login, { path: '/api/registry/plugins/mine', schema });
  if (!asked.ok) return asked.result;
  const shown = asked.value.items.filter((one) => plugin === undefined || one.plugin === plugin);
  if (plugin !== undefined && shown.length === 0)
    return failure('PLUGIN_NOT_FOUND', `No version of ${plugin} is published, or it is not yours.`);
  return {
    exitCode: 0,
    report: { plugins: shown },
    lines:
      shown.length === 0
        ? ['Nothing of yours is published yet. See: patchbay status']
        : shown.flatMap((one) => [
            `${one.plugin}  ${one.installs} installed${one.deprecated === null ? '' : `  deprecated: ${one.deprecated.message}`}`,
            ...one.versions.map(
              ({ version, state, reason, installs, publishedAt }) =>
                `  ${version}  ${state}${reason === null ? '' : `: ${reason}`}  ${installs} installed  ${publishedAt}`,
            ),
          ]),
  };
}

interface UndoOptions extends RegistryOptions {
  undo?: boolean;
}

/** Takes a version out of the catalogue, or puts it back; who has it keeps it. */
export async function yankCommand(
  plugin: string,
  version: string,
  options: UndoOptions & { reason?: string },
): Promise<CommandResult> {
  if (options.undo !== true && options.reason === undefined)
    return usageError('Say why with --reason: who has the version reads it.');
  const path = versionPath(plugin, version);
  if (path === undefined) return usageError(`"${plugin}" is no plugin; write namespace/name.`);
  const asked = await act(options, `${path}/yank`, options.undo === true ? undefined : { reason: options.reason });
  if (!asked.ok) return asked.result;
  const word = options.undo === true ? 'is offered again' : 'is yanked: who has it keeps it, nobody else gets it';
  return done({ plugin, version, yanked: options.undo !== true }, `${plugin} ${version} ${word}`);
}

/** Says that a plugin is no longer looked after, and what to use instead, or takes that back. */
export async function deprecateCommand(
  plugin: string,
  options: UndoOptions & { message?: string; replacement?: string },
): Promise<CommandResult> {
  if (options.undo !== true && options.message === undefined)
    return usageError('Say why with --message: everybody who has it reads it.');
  const path = pluginPath(plugin);
  if (path === undefined) return usageError(`"${plugin}" is no plugin; write namespace/name.`);
  const body =
    options.undo === true ? undefined : { message: options.message, replacement: options.replacement ?? null };
  const asked = await act(options, `${path}/deprecation`, body);
  if (!asked.ok) return asked.result;
  const word = options.undo === true ? 'is no longer marked as deprecated' : 'is marked as deprecated';
  return done({ plugin, deprecated: options.undo !== true }, `${plugin} ${word}`);
}

/** @param body left out, the act is undone */
async function act(options: RegistryOptions, path: string, body: unknown): Promise<RegistryReply<unknown>> {
  const found = await findLogin(options);
  if (!found.ok) return found;
  const method = body === undefined ? 'DELETE' : 'POST';
  return askRegistry(found.login, { method, path, schema: nothingSchema, ...(body === undefined ? {} : { body }) });
}

function done(report: Record<string, unknown>, line: string): CommandResult {
  return { exitCode: 0, report, lines: [line] };
}

function pluginPath(plugin: string): string | undefined {
  const parts = plugin.split('/');
  if (parts.length !== 2 || parts.includes('')) return undefined;
  return `/api/registry/plugins/${parts.map(encodeURIComponent).join('/')}`;
}

function versionPath(plugin: string, version: string): string | undefined {
  const path = pluginPath(plugin);
  return path === undefined ? undefined : `${path}/versions/${encodeURIComponent(version)}`;
}
