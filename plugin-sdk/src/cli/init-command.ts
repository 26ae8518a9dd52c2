import { initPlugin, templateNames, type TemplateName } from '../package/init-plugin.ts';
import { usageError, type CommandResult } from './command-result.ts';

/** Writes a small plugin that works into the folder of its name. */
export async function initCommand(id: string, { template }: { template: string }): Promise<CommandResult> {
  if (!(templateNames as string[]).includes(template))
    return usageError(`There is no template "${template}"; there are ${templateNames.join(', ')}.`);
  const whole = id.includes('/') ? id : `my/${id}`;
  const folder = whole.slice(whole.indexOf('/') + 1);
  const made = await initPlugin(folder, whole, template as TemplateName);
  if (!made.ok) return usageError(made.message);
  return {
    exitCode: 0,
    report: { plugin: { id: whole }, folder, files: made.files },
    lines: [...made.files.map((file) => `${folder}/${file}`), `Now: patchbay test ${folder}`],
  };
}
