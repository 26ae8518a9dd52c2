import { packageFiles, type PluginPackage } from '../package/plugin-package.ts';
import type { Finding } from './check-result.ts';

/** Licences whose text everybody can look up by its name (spdx.org/licenses); any other comes with its text. */
const known = new Set(
  `0BSD AFL-3.0 AGPL-3.0-only AGPL-3.0-or-later Apache-2.0 Artistic-2.0 BSD-2-Clause BSD-3-Clause BSL-1.0 BlueOak-1.0.0
   CC0-1.0 CC-BY-4.0 EPL-2.0 EUPL-1.2 GPL-2.0-only GPL-2.0-or-later GPL-3.0-only GPL-3.0-or-later ISC LGPL-2.1-only
   LGPL-2.1-or-later LGPL-3.0-only LGPL-3.0-or-later MIT MIT-0 MPL-2.0 MS-PL NCSA OFL-1.1 Unlicense UPL-1.0 WTFPL Zlib`.split(
    /\s+/,
  ),
);
/** An SPDX expression: names joined by AND, OR and WITH (SPDX specification, annex D). */
const EXPRESSION = /^\(?[A-Za-z0-9.+-]+\)?(?: (?:AND|OR|WITH) \(?[A-Za-z0-9.+-]+\)?)*$/;

/** The manifest names a licence that people can read. */
export function checkLicence({ manifest, files }: PluginPackage): Finding[] {
  const { licence } = manifest;
  const find = (rule: string, place: string, message: string, advice: string): Finding[] => [
    { rule: `licence.${rule}`, place, message, advice, level: 'error' },
  ];
  if (!EXPRESSION.test(licence))
    return find(
      'expression',
      `${packageFiles.manifest}: licence`,
      `"${licence}" is no SPDX licence expression.`,
      'Use a name of spdx.org/licenses such as Apache-2.0, or LicenseRef-Name with the text in LICENSE.',
    );
  const names = licence.split(/ (?:AND|OR) /).map((part) => part.replace(/[()]|\+$| WITH .*$/g, ''));
  const strange = names.filter((name) => !known.has(name));
  if (strange.length === 0 || files.has(packageFiles.licence)) return [];
  return find(
    'text',
    packageFiles.licence,
    `The text of ${strange.join(', ')} is not in the package.`,
    `Put it into ${packageFiles.licence}.`,
  );
}
