import type { PluginPackage } from '../package/plugin-package.ts';

/**
 * Every check that a version has to pass before it can be published. The registry counts the stored passes of exactly
 * these.
 */
export const requiredChecks = [
  'archive',
  'manifest',
  'imports',
  'module',
  'host-api',
  'secrets',
  'text',
  'icon',
  'readme',
  'fixtures',
  'reproduction',
  'licence',
  'name',
  'known-bad',
  'difference',
] as const;
/**
 * Raised when a rule changes in a way that what is published should be checked by again. What was published under
 * another revision is checked again at once, everything once a day.
 */
export const CHECKS_REVISION = '2';

/**
 * Checks that are made again of what is published: all that are about the version itself. Two compare a submission with
 * what is published at that moment, and would mean something else later: `name`, which would hold the older of two
 * names that are alike as soon as the younger is popular, and `difference`, which warns a reviewer of a step that has
 * been taken.
 */
export const repeatedChecks = requiredChecks.filter((name) => name !== 'name' && name !== 'difference');

/**
 * Checks that compare a package with what a registry knows. On an author's own machine there is nothing to compare with,
 * and what was not compared has not passed.
 */
export const comparingChecks: readonly CheckName[] = ['name', 'known-bad', 'difference'];

export type CheckName = (typeof requiredChecks)[number];

export interface Finding {
  /** Stable name such as `secrets.aws-key`. */
  rule: string;
  /** File, with line and column where there are such; empty for the package as a whole. */
  place: string;
  message: string;
  advice: string;
  /** A warning is shown and does not stop anything. */
  level: 'error' | 'warning';
}

/**
 * The outcome of one check. `errored`: it could not be carried out, and says nothing about the package; it is never
 * counted as a pass.
 */
export interface CheckResult {
  name: CheckName;
  outcome: 'passed' | 'failed' | 'errored';
  summary: string;
  findings: Finding[];
}

/** Looks at one aspect of a package. Throws when it cannot; the runner makes `errored` of that. */
export type Check = (subject: PluginPackage) => Finding[] | Promise<Finding[]>;

export function failed(name: CheckName, findings: Finding[]): CheckResult {
  return { name, outcome: 'failed', summary: findings[0]?.message ?? 'It did not pass.', findings };
}
