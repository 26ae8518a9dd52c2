/**
 * connecting -> live -> (drops) -> polling -> live
 *
 * While live, the host names the topics that changed and their queries are read again. While polling, every topic is
 * read again every five seconds, and a new connection is tried with growing pauses.
 */
import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useState, type ReactNode } from 'react';
import { z } from 'zod';
import { readEvents } from './event-stream.ts';
import { chosenGroup } from './group.ts';
import { alsoStale, topics, type Topic } from './topics.ts';

export type LiveState = 'connecting' | 'live' | 'polling';

const POLL_MS = 5_000;
const RECONNECT_MS = [1_000, 2_000, 5_000, 10_000, 30_000] as const;
/** The host sends a comment at least this often; a silent line is dead. */
const SILENCE_MS = 60_000;

const changeSchema = z.object({ topics: z.array(z.string()) });
const LiveContext = createContext<LiveState>('connecting');

export function useLiveState(): LiveState {
  return useContext(LiveContext);
}

export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [state, setState] = useState<LiveState>('connecting');

  useEffect(() => {
    const stop = new AbortController();
    void listen(client, setState, stop.signal);
    return () => stop.abort();
  }, [client]);

  useEffect(() => {
    if (state !== 'polling') return;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') invalidate(client, topics);
    }, POLL_MS);
    return () => clearInterval(timer);
  }, [client, state]);

  return <LiveContext value={state}>{children}</LiveContext>;
}

function invalidate(client: QueryClient, changed: readonly Topic[]): void {
  const stale = new Set(changed.flatMap((topic) => [topic, ...(alsoStale[topic] ?? [])]));
  for (const topic of stale) void client.invalidateQueries({ queryKey: [topic] });
}

function isTopic(text: string): text is Topic {
  return (topics as readonly string[]).includes(text);
}

async function listen(client: QueryClient, setState: (state: LiveState) => void, stop: AbortSignal): Promise<void> {
  for (let failures = 0; !stop.aborted; failures++) {
    try {
      await readOnce(client, stop, () => {
        // What changed while nobody listened is unknown, so everything is read again.
        if (failures > 0) invalidate(client, topics);
        failures = 0;
        setState('live');
      });
    } catch {
      // A dropped line is expected; the state says so on the screen.
    }
    if (stop.aborted) return;
    setState('polling');
    await new Promise((resolve) => setTimeout(resolve, RECONNECT_MS[Math.min(failures, RECONNECT_MS.length - 1)]));
  }
}

async function readOnce(client: QueryClient, stop: AbortSignal, opened: () => void): Promise<void> {
  const group = chosenGroup();
  const silence = new AbortController();
  const answer = await fetch('/api/stream', {
    headers: { accept: 'text/event-stream', ...(group ? { 'x-group': group } : {}) },
    credentials: 'same-origin',
    signal: AbortSignal.any([stop, silence.signal]),
  });
  if (!answer.ok || !answer.body) throw new Error(`The stream answered ${answer.status}`);
  opened();

  let timer = setTimeout(() => silence.abort(), SILENCE_MS);
  const heard = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, out) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE_MS);
      out.enqueue(chunk);
    },
  });
  try {
    for await (const { event, data } of readEvents(answer.body.pipeThrough(heard))) {
      if (event !== 'change') continue;
      const change = changeSchema.safeParse(JSON.parse(data));
      if (change.success) invalidate(client, change.data.topics.filter(isTopic));
    }
  } finally {
    clearTimeout(timer);
  }
}
