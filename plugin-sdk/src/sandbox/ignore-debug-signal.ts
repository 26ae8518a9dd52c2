/**
 * Keeps this process from opening its inspector on SIGUSR1, which any process of the same user may send: Node opens it
 * only while nobody else handles the signal. To be called first thing by every program that has a sandbox.
 */
export function ignoreDebugSignal(): void {
  if (process.platform === 'win32') return;
  process.on('SIGUSR1', ignore);
}

function ignore(): void {
  // Receiving it is all that is needed.
}
