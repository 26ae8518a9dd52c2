import { CommanderError } from 'commander';
import { ignoreDebugSignal } from '../sandbox/ignore-debug-signal.ts';
import { failure, usageError, type CommandResult } from './command-result.ts';
import { createProgram } from './program.ts';

function finish(result: CommandResult, json: boolean): void {
  process.exitCode = result.exitCode;
  if (result.streamed === true) return;
  const text = json ? JSON.stringify(result.report, null, 2) : result.lines.join('\n');
  if (json || result.exitCode === 0) process.stdout.write(`${text}\n`);
  else process.stderr.write(`${text}\n`);
}

/** Before the options are parsed, or when they cannot be. */
const asksForJson = process.argv.includes('--json');

// Plugins of others are run and tested here as well.
ignoreDebugSignal();
try {
  await createProgram(finish).parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) {
    finish(failure('INTERNAL', error instanceof Error ? error.message : String(error)), asksForJson);
  } else if (error.exitCode === 0) {
    // Help and version are no errors.
    process.exitCode = 0;
  } else {
    // Commander has said it on standard error already.
    process.exitCode = 2;
    if (asksForJson) finish(usageError(error.message.replace(/^error: /, '')), true);
  }
}
