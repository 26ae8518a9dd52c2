import { describe, expect, it } from 'vitest';
import { createProgress, during } from './progress.ts';

function stream(isTTY: boolean, columns = 80) {
  const written: string[] = [];
  const write = (text: string | Uint8Array): boolean => written.push(String(text)) > 0;
  return { written, stream: { isTTY, columns, write } };
}

describe('progress', () => {
  it('is one line that redraws itself on a terminal, and leaves nothing behind', () => {
    const { written, stream: terminal } = stream(true);
    const step = createProgress(terminal).begin('Checking', 4);
    step.advance();
    step.advance();
    step.end();
    expect(written.every((text) => text.startsWith('\r\x1b[2K') && !text.includes('\n'))).toBe(true);
    expect(written.at(-2)).toContain('[##########..........] 2 of 4 Checking');
    expect(written.at(-1)).toBe('\r\x1b[2K');
  });

  it('counts in a unit where the parts are no things', () => {
    const { written, stream: terminal } = stream(true);
    const step = createProgress(terminal).begin('Uploading', 3, ' KiB');
    step.advance(1.5);
    step.end();
    expect(written.at(-2)).toContain('[##########..........] 2 of 3 KiB Uploading');
  });

  it('fits into the width of the terminal', () => {
    const { written, stream: terminal } = stream(true, 20);
    createProgress(terminal).begin('Compiling a plugin with a long name').end();
    expect(written[0]).toHaveLength('\r\x1b[2K'.length + 19);
  });

  it('is plain lines elsewhere', async () => {
    const { written, stream: file } = stream(false);
    const progress = createProgress(file);
    await during(progress, 'Compiling', async () => undefined);
    const step = progress.begin('Checking', 2);
    step.advance();
    step.end();
    expect(written.join('')).toMatch(
      /^Compiling \.\.\.\nCompiling: \d+\.\d s\nChecking \.\.\.\nChecking: 1 of 2, \d+\.\d s\n$/,
    );
  });

  it('ends when the work fails', async () => {
    const { written, stream: file } = stream(false);
    const failing = during(createProgress(file), 'Compiling', () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    expect(written).toHaveLength(2);
  });
});
