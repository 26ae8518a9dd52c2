import type { PluginPackage } from '../package/plugin-package.ts';

/** What the checks have to know of what is published already. */
export interface KnownCatalogue {
  /** The plugins that are installed most, with those of the makers: whom an impostor would resemble. */
  popular(): Promise<readonly { id: string; name: string }[]>;
  /** Those of these sha256 that are known to be bad, with the reason. */
  badDigests(digests: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** The version of a plugin that is published now. */
  lastPublished(id: string): Promise<PluginPackage | undefined>;
}

/** An author's own machine: the registry compares with what it knows after the upload. */
export const nothingKnown: KnownCatalogue = {
  popular: () => Promise.resolve([]),
  badDigests: () => Promise.resolve(new Map()),
  lastPublished: () => Promise.resolve(undefined),
};
