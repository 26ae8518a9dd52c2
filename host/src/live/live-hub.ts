import { EventEmitter } from 'node:events';
import type { GroupId } from '@patchbay/plugin-sdk/contract/ids';

export const liveTopics = [
  'incidents',
  'deliveries',
  'requests',
  'integrations',
  'installations',
  'destinations',
] as const;
export type LiveTopic = (typeof liveTopics)[number];

/** Tells open screens which lists changed, so that they read them again. Carries no data, loses nothing that matters. */
export interface LiveHub {
  publish(groupId: GroupId, topics: readonly LiveTopic[]): void;
  /** @returns the function that ends the subscription */
  subscribe(groupId: GroupId, listener: (topics: readonly LiveTopic[]) => void): () => void;
}

/** A hub inside one process. */
export function createLiveHub(): LiveHub {
  const emitter = new EventEmitter().setMaxListeners(0);
  return {
    publish: (groupId, topics) => void emitter.emit(groupId, topics),
    subscribe(groupId, listener) {
      emitter.on(groupId, listener);
      return () => void emitter.off(groupId, listener);
    },
  };
}
