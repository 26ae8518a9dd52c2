import { firstText, hostOf } from '@patchbay/plugin-sdk';

export interface Settings {
  /** Whether planned work opens incidents of severity info. */
  maintenance: boolean;
}

interface Origin {
  page?: { id?: unknown; name?: unknown; url?: unknown } | null | undefined;
  meta?: { unsubscribe?: unknown; documentation?: unknown } | null | undefined;
}

/** The page's host: the body names the page by an id only, but links to it. */
export function pageOf({ page, meta }: Origin): { id: string; name: string; url: string | undefined } {
  const host = hostOf(page?.url) ?? hostOf(meta?.unsubscribe) ?? hostOf(meta?.documentation);
  const id = firstText(page?.id) ?? host ?? 'page';
  return { id, name: firstText(page?.name) ?? host ?? id, url: host === undefined ? undefined : `https://${host}` };
}

/** `in_progress`, `IN PROGRESS` and `INPROGRESS` are one status; Instatus and others write them so. */
export function statusWord(status: unknown): string {
  return String(status)
    .toLowerCase()
    .replace(/[^a-z]+/g, '');
}
