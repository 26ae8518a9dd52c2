import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pluginIdSchema } from '../contract/plugin-id.ts';
import { deliverPart } from './templates/deliver-part.ts';
import { ingestPart } from './templates/ingest-part.ts';
import { pluginOf } from './templates/plugin-part.ts';
import type { TemplateNames } from './templates/template-names.ts';

const templates = {
  ingest: (names: TemplateNames) =>
    pluginOf(
      names,
      { summary: `Opens and resolves incidents for the alerts of ${names.title}.`, categories: ['monitoring'] },
      [ingestPart(names)],
    ),
  connector: (names: TemplateNames) =>
    pluginOf(names, { summary: `Tells ${names.title} of every incident that opens.`, categories: ['chat'] }, [
      deliverPart,
    ]),
  both: (names: TemplateNames) =>
    pluginOf(
      names,
      {
        summary: `Opens and resolves incidents for the alerts of ${names.title}, and tells it of every one that opens.`,
        categories: ['monitoring', 'chat'],
      },
      [ingestPart(names), deliverPart],
    ),
};
export type TemplateName = keyof typeof templates;
export const templateNames = Object.keys(templates) as TemplateName[];

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
