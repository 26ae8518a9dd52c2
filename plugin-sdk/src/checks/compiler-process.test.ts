import { afterEach, expect, it } from 'vitest';
import { startCompilerProcess, type CompilerProcess } from './compiler-process.ts';

const started: CompilerProcess[] = [];
afterEach(() => started.splice(0).forEach((one) => one.end()));

/** A compiler that was taken over, and does this with each line that it is sent. */
function takenOver(code: string): CompilerProcess {
  const text = `const say = (text) => process.stdout.write(text); process.stdin.on('data', (line) => { ${code} });`;
  const compiler = startCompilerProcess({ file: process.execPath, parameters: ['-e', text] });
  started.push(compiler);
  return compiler;
}
const SOON_MS = 30_000;

it('answers one question after the other', async () => {
  const compiler = takenOver("say('answer to ' + line)");
  expect(await compiler.ask('one', SOON_MS)).toBe('answer to one');
  expect(await compiler.ask('two', SOON_MS)).toBe('answer to two');
});

it.each([
  ['says nothing', '', 200, 'took longer than 200 ms'],
  ['loops', 'for (;;);', 200, 'took longer than 200 ms'],
  ['ends', 'process.exit(7)', SOON_MS, 'ended with 7'],
  ['fails', "throw new TypeError('of no use')", SOON_MS, 'TypeError: of no use'],
  ['says more and more', "setInterval(() => say('x'.repeat(10_000)), 1)", SOON_MS, 'more than an answer takes'],
  ['answers twice', "say('one\\ntwo\\n')", SOON_MS, 'what it was not asked'],
])('gives up one that %s, and asks it nothing more', async (_what, code, withinMs, message) => {
  const compiler = takenOver(code);
  await expect(compiler.ask('one', withinMs)).rejects.toThrow(message);
  await expect(compiler.ask('two', SOON_MS)).rejects.toThrow(message);
});

it('fails where there is no such program', async () => {
  const compiler = startCompilerProcess({ file: '/nowhere/node', parameters: [] });
  started.push(compiler);
  await expect(compiler.ask('one', SOON_MS)).rejects.toThrow('could not be started');
});
