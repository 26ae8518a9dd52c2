import type { Severity } from '@patchbay/plugin-sdk';

/** The settings of plugin.json, as a call gets them. */
export interface Settings {
  siteUrl: string;
  email: string;
  projectKey: string;
  issueType: string;
  labels: string[];
  priorities: Partial<Record<Severity, string>>;
  doneTransition: string;
}

/** The site's origin, for instance https://example.atlassian.net; undefined when the setting is no web address. */
export function siteOrigin({ siteUrl }: Settings): string | undefined {
  if (!URL.canParse(siteUrl)) return undefined;
  const { origin } = new URL(siteUrl);
  return /^https?:\/\//.test(origin) ? origin : undefined;
}
