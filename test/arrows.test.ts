import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

// [folder, ending, what a file there imports]
const refused = [
  ['registry/src', '.ts', '@patchbay/host/main'],
  ['registry/src', '.ts', '../../host/src/main.ts'],
  ['host/src', '.ts', '@patchbay/marketplace-ui/main'],
  ['host/src', '.ts', '@patchbay/plugin-sdk'],
  ['marketplace-ui/src', '.tsx', '@patchbay/host/api/app'],
  ['marketplace-ui/src', '.tsx', '@patchbay/plugin-sdk/sandbox/pool'],
  ['plugins/x/src', '.ts', '@patchbay/plugin-sdk/contract/manifest'],
  ['plugins/x/src', '.ts', '@patchbay/host/main'],
  ['plugins/x/src', '.ts', 'node:fs'],
  ['plugins/x/src', '.ts', 'zod'],
  ['plugins/x/src', '.test.ts', '@patchbay/plugin-sdk/sandbox/pool'],
  ['plugin-sdk/src/contract', '.ts', '../sandbox/pool.ts'],
  ['plugin-sdk/src/sandbox', '.ts', '../compile/compile.ts'],
  ['plugin-sdk/src/sandbox/child', '.ts', '../../compile/compile.ts'],
  ['plugin-sdk/src/guest', '.ts', 'node:crypto'],
  ['plugin-sdk/src/compile', '.ts', '@patchbay/registry/publish'],
] as const;

const allowed = [
  ['registry/src', '.ts', '@patchbay/plugin-sdk/contract/manifest'],
  ['host/src', '.ts', '@patchbay/registry/catalogue'],
  ['host/src', '.ts', '@patchbay/plugin-sdk/sandbox/pool'],
  ['marketplace-ui/src', '.tsx', '@patchbay/plugin-sdk/contract/manifest'],
  ['plugins/x/src', '.ts', '@patchbay/plugin-sdk'],
  ['plugins/x/src', '.schema.ts', 'zod'],
  ['plugins/x/src', '.test.ts', '@patchbay/plugin-sdk/testing/run'],
  ['plugin-sdk/src/sandbox/child', '.ts', '../../contract/abi.ts'],
  ['plugin-sdk/src/cli', '.ts', '../compile/compile.ts'],
] as const;

const reportSchema = z.object({ diagnostics: z.array(z.object({ code: z.string(), filename: z.string() })) });

describe('the linter', () => {
  let folder: string;
  let complainedAbout: Set<string>;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'patchbay-arrows-'));
    copyFileSync(join(ROOT, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    for (const [index, [place, ending, imported]] of [...refused, ...allowed].entries()) {
      const file = join(folder, place, `case-${index}${ending}`);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, `import { something } from '${imported}';\nexport const used = something;\n`);
    }
    const oxlint = join(ROOT, 'node_modules', 'oxlint', 'bin', 'oxlint');
    const args = [oxlint, '--format=json', '.'];
    const { stdout } = spawnSync(process.execPath, args, {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 16 * 1024 * 1024,
    });
    const complaints = reportSchema.parse(JSON.parse(stdout)).diagnostics;
    complainedAbout = new Set(
      complaints
        .filter(({ code }) => code === 'eslint(no-restricted-imports)')
        .map(({ filename }) => basename(filename)),
    );
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(refused.map((arrow, index) => [...arrow, index] as const))(
    'refuses in %s, in a file *%s, the import of %s',
    (_place, ending, _imported, index) => {
      expect(complainedAbout).toContain(`case-${index}${ending}`);
    },
  );

  it.each(allowed.map((arrow, index) => [...arrow, refused.length + index] as const))(
    'allows in %s, in a file *%s, the import of %s',
    (_place, ending, _imported, index) => {
      expect(complainedAbout).not.toContain(`case-${index}${ending}`);
    },
  );
});
