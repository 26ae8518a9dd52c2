import semver from 'semver';
import { consentOf } from '../package/consent.ts';
import { packageFiles, type PluginPackage } from '../package/plugin-package.ts';
import type { Finding } from './check-result.ts';
import type { KnownCatalogue } from './known-catalogue.ts';
import { importModules } from './module-checks.ts';

/** Numbering that leaps further than this is not that of the same hand. */
const MAJOR_LEAP = 10;
const GROWTH = 2;

/**
 * What should be looked at twice because the version before did not have it. Nothing here is wrong by itself: these are
 * warnings for a reviewer, and for the author who did not mean them.
 */
export async function checkDifference(subject: PluginPackage, known: KnownCatalogue): Promise<Finding[]> {
  const before = await known.lastPublished(subject.manifest.id);
  if (before === undefined) return [];
  const { version } = subject.manifest;
  const last = before.manifest.version;
  const warn = (rule: string, place: string, message: string, advice: string): Finding => ({
    ...{ rule: `difference.${rule}`, place, message, advice },
    level: 'warning',
  });
  const findings: Finding[] = [];
  const asked = new Set(consentOf(before.manifest).lines.map(({ text }) => text));
  for (const { text } of consentOf(subject.manifest).lines)
    if (!asked.has(text))
      findings.push(
        warn(
          'permission',
          packageFiles.manifest,
          `It did not ask for this before: ${text}.`,
          'Operators have to agree.',
        ),
      );
  const could = new Set(importModules(before.module));
  for (const name of importModules(subject.module))
    if (!could.has(name))
      findings.push(warn('import', packageFiles.module, `The module did not import ${name} before.`, 'See why.'));
  if (semver.lt(version, last))
    findings.push(
      warn('order', packageFiles.manifest, `${last} is published already.`, 'It will not be the newest version.'),
    );
  if (semver.major(version) - semver.major(last) > MAJOR_LEAP)
    findings.push(
      warn('numbering', packageFiles.manifest, `From ${last} to ${version} is a leap.`, 'Make sure that it is yours.'),
    );
  if (subject.module.length > before.module.length * GROWTH)
    findings.push(
      warn('size', packageFiles.module, `The module is more than ${GROWTH} times as large as before.`, 'See why.'),
    );
  return findings;
}
