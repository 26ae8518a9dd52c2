import { realpath } from 'node:fs/promises';
import { notHeldHere } from '@patchbay/plugin-sdk/checks/compiler-command';
import { reproduceChildFile } from '@patchbay/plugin-sdk/checks/reproduce-child-file';

/** Writes down at the start what does not hold the process that compiles what others submit, where anything does not. */
export async function recordCompilerWalls(log: {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}): Promise<void> {
  try {
    const notHeld = notHeldHere(await realpath(await reproduceChildFile()));
    if (notHeld.length > 0) log.info({ notHeld }, 'not everything holds the process that compiles submissions here');
  } catch (error) {
    log.warn({ err: error }, 'submissions cannot be compiled here');
  }
}
