import type { PluginPackage } from '../package/plugin-package.ts';
import type { Finding } from './check-result.ts';
import { placeIn, textFiles } from './text-files.ts';

/**
 * Credentials whose vendors gave them a shape of their own, so that a match is hardly ever something else. Each
 * pattern is linear-time: no nested or adjacent unbounded repetition.
 */
const patterns: [rule: string, what: string, pattern: RegExp][] = [
  ['aws-key', 'an AWS access key id', /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g],
  ['github-token', 'a GitHub token', /\bgh[pousr]_[A-Za-z0-9]{36}/g],
  ['github-token', 'a GitHub token', /\bgithub_pat_[A-Za-z0-9_]{60}/g],
  ['gitlab-token', 'a GitLab token', /\bglpat-[A-Za-z0-9_-]{20}/g],
  ['slack-token', 'a Slack token', /\bxox[abeprs]-[0-9]{8}[A-Za-z0-9-]{16}/g],
  [
    'slack-webhook',
    'a Slack webhook',
    /hooks\.slack\.com\/services\/T[A-Z0-9]{8,12}\/B[A-Z0-9]{8,12}\/[A-Za-z0-9]{24}/g,
  ],
  ['google-key', 'a Google API key', /\bAIza[0-9A-Za-z_-]{35}/g],
  ['stripe-key', 'a Stripe key', /\b[rs]k_live_[0-9A-Za-z]{20}/g],
  ['npm-token', 'an npm token', /\bnpm_[A-Za-z0-9]{36}/g],
  ['atlassian-token', 'an Atlassian API token', /\bATATT3[A-Za-z0-9_-]{50}/g],
  ['sendgrid-key', 'a SendGrid key', /\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}/g],
  ['standard-webhooks-secret', 'a webhook signing secret', /\bwhsec_[A-Za-z0-9+/]{32}/g],
  ['private-key', 'a private key', /-----BEGIN (?:[A-Z]{2,10} )?PRIVATE KEY-----/g],
];

/** Values that vendors print in their own documentation. */
const documented = new Set(['AKIAIOSFODNN7EXAMPLE']);

/** No file holds a credential. What is found is named by place and kind; the value itself is not repeated. */
export function checkSecrets(subject: PluginPackage): Finding[] {
  const findings: Finding[] = [];
  for (const [path, bytes] of textFiles(subject)) {
    const text = bytes.toString('utf8');
    for (const [rule, what, pattern] of patterns)
      for (const match of text.matchAll(pattern)) {
        if (documented.has(match[0])) continue;
        findings.push({
          rule: `secrets.${rule}`,
          place: placeIn(path, text, match.index),
          message: `This looks like ${what}.`,
          advice: 'Revoke it at its vendor, and take it out: whoever downloads the package can read it.',
          level: 'error',
        });
      }
  }
  return findings;
}
