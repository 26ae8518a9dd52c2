import { firstText, textOf } from '@patchbay/plugin-sdk';
import type { Message } from './vercel.schema.ts';

/** Id and name of the project that a message is about. */
export function projectOf(payload: Message['payload']): { id: string; name: string } {
  const { project } = payload;
  const named = typeof project === 'object' && project !== null ? project : undefined;
  const name =
    firstText(
      named?.name,
      payload.projectName,
      typeof project === 'string' && !project.startsWith('prj_') ? project : undefined,
      payload.deployment?.name,
      payload.name,
    ) ?? 'project';
  return { id: firstText(named?.id, payload.projectId, textOf(project)) ?? name, name };
}
