import { runtime } from './runtime.ts';

/** Waits without holding anything: the call ends and goes on when the time has come. Needs `permissions.schedule`. */
export async function sleep(ms: number): Promise<void> {
  await runtime().ask('schedule', { op: 'sleep', ms: Math.max(0, ms) });
}
