import { spawn } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { ROOT } from './folders.mjs';

const KEPT_OUTPUT_LINES = 80;

/** A preparation step that failed: what was run, what it printed, and what a person can do about it. */
export class StepFailed extends Error {
  /** @param {string} step @param {string} output @param {string} remedy */
  constructor(step, output, remedy) {
    super(`${step} failed`);
    this.name = 'StepFailed';
    this.step = step;
    this.output = stripVTControlCharacters(output).trimEnd().split('\n').slice(-KEPT_OUTPUT_LINES).join('\n');
    this.remedy = remedy;
  }
}

/**
 * Runs a command to its end without a terminal and without input.
 *
 * @param {string} step named in the error
 * @param {string} remedy shown with the error
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{cwd?: string, env?: Record<string, string>, shell?: boolean}} [options]
 * @returns {Promise<string>} what it printed
 * @throws {StepFailed}
 */
export function runCommand(step, remedy, program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd ?? ROOT,
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0', ...options.env },
      shell: options.shell ?? false,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const chunks = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => chunks.push(chunk));
    child.on('error', (error) => reject(new StepFailed(step, String(error), remedy)));
    child.on('close', (code, signal) => {
      const output = Buffer.concat(chunks).toString('utf8');
      if (code === 0) resolve(output);
      else reject(new StepFailed(step, `${output}\n(${program} ended with ${signal ?? `code ${code}`})`, remedy));
    });
  });
}
