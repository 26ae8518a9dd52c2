import type { LoadingMessage, StartedMessage } from './messages.ts';

/** As many runs are started together at most. */
export const RUNS_TOGETHER = 8;
/** CPU time that they may take together. */
export const TOGETHER_CPU_MS = 30;

type Runs = [number, ...number[]];

/** What a child says of the runs that it starts. @throws TypeError when it says something else */
export function readStarted(header: string): StartedMessage & { ids: Runs } {
  const read: unknown = JSON.parse(header);
  const ids = fieldOf(read, 'ids');
  if (!isRuns(ids)) throw new TypeError('"ids" are not those of runs');
  return { ids, cpuMicros: readCpu(read) };
}

/** What a child says of the module that it begins to load. @throws TypeError when it says something else */
export function readLoading(header: string): LoadingMessage {
  return { module: readModule(header), cpuMicros: readCpu(JSON.parse(header)) };
}

/** The module that a child names. @throws TypeError when it names none */
export function readModule(header: string): string {
  const module = fieldOf(JSON.parse(header), 'module');
  if (typeof module !== 'string') throw new TypeError('"module" is not a text');
  return module;
}

function readCpu(read: unknown): number {
  const cpuMicros = fieldOf(read, 'cpuMicros');
  if (typeof cpuMicros !== 'number' || !(cpuMicros >= 0 && cpuMicros < Infinity))
    throw new TypeError('"cpuMicros" is not a number that counts something');
  return cpuMicros;
}

function isRuns(ids: unknown): ids is Runs {
  return (
    Array.isArray(ids) && ids.length > 0 && ids.length <= RUNS_TOGETHER && ids.every((id) => typeof id === 'number')
  );
}

function fieldOf(read: unknown, name: string): unknown {
  return typeof read === 'object' && read !== null ? Reflect.get(read, name) : undefined;
}
