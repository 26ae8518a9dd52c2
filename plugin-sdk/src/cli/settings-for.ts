import { readFile } from 'node:fs/promises';
import type { Configuration } from '../contract/configuration.ts';
import type { Manifest } from '../contract/manifest.ts';
import { checkConfiguration } from '../contract/check-configuration.ts';
import { failure, usageError, type CommandResult } from './command-result.ts';

/** The settings that a run gets: those of a JSON file, if one is named, with the manifest's defaults filled in. */
export async function settingsFor(
  manifest: Manifest,
  file: string | undefined,
): Promise<{ ok: true; configuration: Configuration } | { ok: false; result: CommandResult }> {
  let given: unknown = {};
  if (file !== undefined)
    try {
      given = JSON.parse(await readFile(file, 'utf8'));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return { ok: false, result: usageError(`The settings in "${file}" cannot be read: ${why}`) };
    }
  const checked = checkConfiguration(manifest.configuration, given);
  if (checked.ok) return { ok: true, configuration: checked.values };
  const shown = checked.issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');
  const remedy =
    file === undefined
      ? 'Write the settings into a JSON file, and name it with --config FILE.'
      : `Correct the settings in "${file}".`;
  const result = failure('CONFIGURATION_INVALID', shown, { details: checked.issues, remedy });
  return { ok: false, result: { ...result, lines: [...result.lines, remedy] } };
}
