const REDRAW_MS = 200;
const REMIND_MS = 15_000;

/**
 * Shows which steps run and how long each took: one line that redraws itself on a terminal, plain lines elsewhere.
 *
 * @param {NodeJS.WriteStream} stream
 */
export function createProgress(stream) {
  const running = new Map();
  const live = stream.isTTY && process.env.TERM !== 'dumb';
  let timer;

  function draw() {
    const names = [...running.keys()].join(', ');
    const longest = Math.max(...[...running.values()].map((startedAt) => performance.now() - startedAt));
    stream.write(`\r\x1b[2K${names} … ${Math.floor(longest / 1000)} s`);
  }

  function remind() {
    for (const [name, startedAt] of running) {
      if (performance.now() - startedAt >= REMIND_MS) line(`${name} … ${seconds(startedAt)}, still at it`);
    }
  }

  function erase() {
    if (live) stream.write('\r\x1b[2K');
  }

  function line(text) {
    erase();
    stream.write(`${text}\n`);
    if (live && running.size > 0) draw();
  }

  return {
    line,
    /** @param {string} name @returns {(failed?: boolean) => void} to call when the step has ended */
    start(name) {
      const startedAt = performance.now();
      running.set(name, startedAt);
      if (live) draw();
      timer ??= setInterval(live ? draw : remind, live ? REDRAW_MS : REMIND_MS);
      return (failed = false) => {
        running.delete(name);
        if (running.size === 0) {
          clearInterval(timer);
          timer = undefined;
        }
        line(`${name} … ${failed ? 'failed after ' : ''}${seconds(startedAt)}`);
      };
    },
  };
}

function seconds(startedAt) {
  return `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
}
