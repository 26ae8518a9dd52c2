import { environments } from '@patchbay/plugin-sdk/contract/manifest';

const categoryWords: Record<string, string> = {
  monitoring: 'Monitoring',
  ci: 'CI and code',
  ticketing: 'Ticketing',
  chat: 'Chat',
  'status-page': 'Status pages',
  commerce: 'Commerce',
  generic: 'Generic',
};

const providesWords: Record<string, string> = {
  ingest: 'Receives alerts',
  deliver: 'Acts on incidents',
  callback: 'Hears back',
  actions: 'Has buttons',
  schedule: 'Runs by itself',
};

const sortWords = {
  installs: 'Most installed',
  updated: 'Newest first',
  name: 'By name',
} as const;

/** A category in words; one that this page does not know is shown as it is. */
export function categoryWord(category: string): string {
  return wordOf(categoryWords, category);
}

export function providesWord(provides: string): string {
  return wordOf(providesWords, provides);
}

export function sortWord(sort: keyof typeof sortWords): string {
  return sortWords[sort];
}

/** The choices of an environment select. */
export const environmentChoices = environments.map((value) => ({
  value,
  label: value.charAt(0).toUpperCase() + value.slice(1),
}));

function wordOf(words: Record<string, string>, key: string): string {
  return Object.hasOwn(words, key) ? (words[key] ?? key) : key;
}
