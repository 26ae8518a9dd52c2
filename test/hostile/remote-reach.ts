import type { HostilePlugin } from './hostile-plugin.ts';

/** Ends that come before a request leaves the host. */
const BEFORE_SENDING = new Set(['PERMISSION_DENIED', 'REQUEST_REFUSED', 'PLUGIN_ERROR', 'RUN_CPU_EXCEEDED']);

/** Why an attack cannot be made through an API alone. */
export function notByUrl({ kind, world, must }: HostilePlugin): string | undefined {
  if (kind === 'escaped' || kind === 'child') return 'needs a sandbox process in hand';
  if (world === 'lab' && !must.every((code) => BEFORE_SENDING.has(code)))
    return 'needs its own service beside the host';
  return undefined;
}

/** A module that asks: only what delivers may, so it is made to deliver, with the host's own journal before it. */
export function asksByItself({ kind, may, source }: HostilePlugin): boolean {
  return kind === 'text' && may !== undefined && source.includes('(export "ingest")') && !source.includes('(module');
}
