import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pluginIdSchema } from '../contract/plugin-id.ts';
import { connectorTemplate } from './templates/connector-template.ts';
import { ingestTemplate } from './templates/ingest-template.ts';

export const templates = { ingest: ingestTemplate, connector: connectorTemplate };
export type TemplateName = keyof typeof templates;

export type InitOutcome = { ok: true; files: string[] } | { ok: false; message: string };

/**
 * Writes a small plugin that works: definition, manifest, README, icon and what its tests need.
 *
 * @param folder is made, or empty
 * @param id `namespace/name`
 */
export async function initPlugin(folder: string, id: string, template: TemplateName): Promise<InitOutcome> {
  const parsed = pluginIdSchema.safeParse(id);
  if (!parsed.success)
    return { ok: false, message: `"${id}" is no plugin id: use namespace/name in lower-case words joined by hyphens.` };
  const present = await readdir(folder).catch(() => []);
  if (present.length > 0) return { ok: false, message: `The folder "${folder}" is not empty.` };
  const name = id.slice(id.indexOf('/') + 1);
  const title = name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
  const files = Object.entries(templates[template]({ id, name, title }));
  for (const [path, text] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return { ok: true, files: files.map(([path]) => path) };
}
