import { readPackage, type PackageResult } from '../package/read-package.ts';
import { packageFiles, type PluginPackage } from '../package/plugin-package.ts';
import {
  comparingChecks,
  failed,
  requiredChecks,
  type Check,
  type CheckName,
  type CheckResult,
} from './check-result.ts';
import { checkFixtures, type FixtureTools } from './fixtures-check.ts';
import { checkDifference } from './difference-check.ts';
import { checkIcon } from './icon-check.ts';
import { checkInvisibleText } from './invisible-text-check.ts';
import { checkKnownBad } from './known-bad-check.ts';
import { nothingKnown, type KnownCatalogue } from './known-catalogue.ts';
import { checkLicence } from './licence-check.ts';
import { checkHostApi, checkImports, checkModuleLimits } from './module-checks.ts';
import { checkName } from './name-check.ts';
import { checkReadme } from './readme-check.ts';
import { checkReproduction, type Reproduce } from './reproduction-check.ts';
import { checkSecrets } from './secrets-check.ts';

/** The checks that need more than the package: whoever runs them says how a plugin is run and compiled. */
export interface CheckTools extends FixtureTools {
  reproduce: Reproduce;
  /** Called when a check has been made. */
  made?: () => void;
}

export interface PackageChecks {
  /** One result per check that was made, unless reading the package ended before the others could begin. */
  results: CheckResult[];
  package: PluginPackage | undefined;
}

/**
 * Reads a package and makes the checks on it: what the command line and the registry both do.
 *
 * @param known left out where nothing is known; the checks that compare with it are not made then
 */
export async function checkPackage(
  bytes: Uint8Array,
  tools: CheckTools,
  known?: KnownCatalogue,
): Promise<PackageChecks> {
  const read = await readPackage(bytes);
  const names = requiredChecks.filter((name) => known !== undefined || !comparingChecks.includes(name));
  return read.ok
    ? { results: await runChecks(read.package, tools, known ?? nothingKnown, names), package: read.package }
    : { results: unreadable(read), package: undefined };
}

/** What the checks say of a package that cannot be read: the one at which reading ended, and those before it. */
export function unreadable(read: Exclude<PackageResult, { ok: true }>): CheckResult[] {
  if (read.code === 'ARCHIVE_INVALID') {
    const { rule, entry: place, message } = read;
    const advice = 'Pack the plugin with "patchbay pack".';
    return [failed('archive', [{ rule: `archive.${rule}`, place, message, advice, level: 'error' }])];
  }
  const findings = read.issues.map(({ path, message }) => ({
    rule: 'manifest.schema',
    place: path === '' ? packageFiles.manifest : `${packageFiles.manifest}: ${path}`,
    message,
    advice: 'Correct the field; the schema is published beside the documentation.',
    level: 'error' as const,
  }));
  return [
    { name: 'archive', outcome: 'passed', summary: 'Its files keep to the rules.', findings: [] },
    failed('manifest', findings),
  ];
}

/**
 * Checks on a package that could be read, in the order of `requiredChecks`.
 *
 * @param names those to make; all when left out
 */
export async function runChecks(
  subject: PluginPackage,
  tools: CheckTools,
  known: KnownCatalogue,
  names: readonly CheckName[] = requiredChecks,
): Promise<CheckResult[]> {
  const checks: Record<CheckName, [good: string, check: Check]> = {
    archive: [`${subject.files.size} files keep to the archive rules.`, () => []],
    manifest: ['plugin.json is valid.', () => []],
    imports: ['The module imports nothing that is not declared.', checkImports],
    module: ['The module keeps to the rules and limits of the loader.', checkModuleLimits],
    'host-api': ['The module was built for this host API.', checkHostApi],
    secrets: ['No credentials were found.', checkSecrets],
    text: ['All text shows what it holds.', checkInvisibleText],
    icon: ['The icon is a drawing and nothing else.', checkIcon],
    readme: ['The README does nothing by itself.', checkReadme],
    fixtures: ['Every fixture gives what it expects.', (one) => checkFixtures(one, tools)],
    reproduction: [
      subject.manifest.module === undefined
        ? 'The sources give exactly this module.'
        : 'Not reproducible: the module was built elsewhere.',
      (one) => checkReproduction(one, tools.reproduce),
    ],
    licence: ['Its licence can be read.', checkLicence],
    name: ['It resembles no plugin that many have.', (one) => checkName(one, known)],
    'known-bad': ['Nothing in it was found to be bad before.', (one) => checkKnownBad(one, known)],
    difference: ['Compared with the version before.', (one) => checkDifference(one, known)],
  };
  return Promise.all(
    names.map(async (name) => {
      const result = await runCheck(name, ...checks[name], subject);
      tools.made?.();
      return result;
    }),
  );
}

const FINDINGS_MAX = 50;

async function runCheck(name: CheckName, good: string, check: Check, subject: PluginPackage): Promise<CheckResult> {
  try {
    const findings = (await check(subject)).slice(0, FINDINGS_MAX);
    if (findings.some(({ level }) => level === 'error')) return failed(name, findings);
    return { name, outcome: 'passed', summary: good, findings };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return {
      name,
      outcome: 'errored',
      summary: `The check could not be carried out: ${why}`.slice(0, 500),
      findings: [],
    };
  }
}
