import { fieldErrors } from '../api/api-error.ts';

/** The fields below one part of the body that the host refused: `configuration.siteUrl` -> `siteUrl`. */
export function serverIssues(error: unknown, part: string): Record<string, string> {
  const prefix = `${part}.`;
  return Object.fromEntries(
    Object.entries(fieldErrors(error))
      .filter(([path]) => path.startsWith(prefix))
      .map(([path, message]) => [path.slice(prefix.length).split('.')[0] ?? '', message]),
  );
}
