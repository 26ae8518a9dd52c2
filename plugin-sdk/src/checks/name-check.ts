import { packageFiles, type PluginPackage } from '../package/plugin-package.ts';
import type { Finding } from './check-result.ts';
import { editDistance } from './edit-distance.ts';
import type { KnownCatalogue } from './known-catalogue.ts';

/** Ids that differ by no more than this part of their length are taken for each other. */
const SIMILAR = 0.12;
/** Letters and digits that are drawn alike. */
const LOOKALIKES: Record<string, string> = { '0': 'o', '1': 'l', i: 'l', '5': 's', '8': 'b' };

/** The plugin does not pass itself off as one that many have: by its id, or by the name that people read. */
export async function checkName({ manifest }: PluginPackage, known: KnownCatalogue): Promise<Finding[]> {
  const { id, name } = manifest;
  const namespace = namespaceOf(id);
  const findings: Finding[] = [];
  for (const other of await known.popular()) {
    if (namespaceOf(other.id) === namespace) continue;
    if (isLike(id, other.id))
      findings.push({
        rule: 'name.similar',
        place: `${packageFiles.manifest}: id`,
        message: `The id is hard to tell from ${other.id}.`,
        advice: 'Choose a namespace and a name of your own.',
        level: 'error',
      });
    else if (plain(name) === plain(other.name))
      findings.push({
        rule: 'name.taken',
        place: `${packageFiles.manifest}: name`,
        message: `"${name}" is also the name of ${other.id}.`,
        advice: 'Say in the name what is different about yours, so that nobody takes one for the other.',
        level: 'warning',
      });
  }
  return findings;
}

function isLike(id: string, other: string): boolean {
  const [one, two] = [plain(id), plain(other)];
  if (one === two) return true;
  const most = Math.floor(Math.max(one.length, two.length) * SIMILAR);
  return Math.abs(one.length - two.length) <= most && editDistance(one, two, most) <= most;
}

/** Without case, separators and letters that are drawn alike. */
function plain(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[0158i]/g, (letter) => LOOKALIKES[letter] ?? letter)
    .replace(/[^a-z0-9]/g, '');
}

function namespaceOf(id: string): string {
  return id.slice(0, id.indexOf('/'));
}
