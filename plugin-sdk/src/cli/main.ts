import { Command, CommanderError } from 'commander';
import { sdkVersion } from '../compile/sdk-version.ts';
import { buildCommand } from './build-command.ts';
import { checkCommand } from './check-command.ts';
import type { CommandResult } from './command-result.ts';
import { initCommand } from './init-command.ts';
import { packCommand } from './pack-command.ts';
import { publishCommand, type PublishOptions } from './publish-command.ts';
import { runCommand, type RunOptions } from './run-command.ts';
import { testCommand } from './test-command.ts';

const collect = (value: string, before: string[]): string[] => [...before, value];

function createProgram(finish: (result: CommandResult, json: boolean) => void): Command {
  const program = new Command('patchbay')
    .description('Builds, tests, runs and publishes Patchbay plugins.')
    .version(sdkVersion())
    .exitOverride()
    .showHelpAfterError('(run with --help for what is possible)')
    .addHelpText('after', '\nExit codes: 0 it worked, 1 the plugin failed or does not pass, 2 called wrongly.');
  const command = (usage: string, summary: string): Command =>
    program.command(usage).description(summary).option('--json', 'print one JSON object');
  const ends = async (work: Promise<CommandResult>, options: { json?: boolean }): Promise<void> =>
    finish(await work, options.json === true);

  command('run', 'run one export of a plugin in the sandbox, without a server')
    .argument('<plugin>', 'folder or .tgz of the plugin')
    .argument('<export>', 'ingest or deliver')
    .argument('<input>', 'file with the raw body (ingest) or a change as JSON (deliver); - reads standard input')
    .option('--header <name:value>', 'a request header; may be repeated', collect, [])
    .option('--query <name=value>', 'a query parameter; may be repeated', collect, [])
    .option('--content-type <type>', 'content type of the body (default: application/json)')
    .option('--method <method>', 'POST, PUT or GET (default: POST)')
    .option('--config <file>', 'JSON file with the settings')
    .action((plugin: string, name: string, input: string, options: RunOptions & { json?: boolean }) =>
      ends(runCommand(plugin, name, input, options), options),
    );

  command('pack', 'compile plugins and pack each into a .tgz')
    .argument('<folders...>', 'folders of the plugins')
    .option('--out <folder>', 'where the packages are written (default: dist in the folder of each plugin)')
    .action((folders: string[], options: { out?: string; json?: boolean }) =>
      ends(packCommand(folders, options), options),
    );

  command('init', 'write a small plugin that works')
    .argument('<id>', 'namespace/name; the plugin is written into the folder "name"')
    .option('--template <kind>', 'ingest or connector', 'ingest')
    .action((id: string, options: { template: string; json?: boolean }) => ends(initCommand(id, options), options));

  command('build', 'compile a plugin into a module')
    .argument('<folder>', 'folder of the plugin')
    .option('--out <folder>', 'where module.wasm and its source map are written (default: dist in the folder)')
    .action((folder: string, options: { out?: string; json?: boolean }) =>
      ends(buildCommand(folder, options), options),
    );

  command('check', 'make the checks that a registry makes')
    .argument('<plugin>', 'folder or .tgz of the plugin')
    .action((plugin: string, options: { json?: boolean }) => ends(checkCommand(plugin), options));

  command('test', 'run the fixtures of a plugin')
    .argument('<plugin>', 'folder or .tgz of the plugin')
    .action((plugin: string, options: { json?: boolean }) => ends(testCommand(plugin), options));

  command('publish', 'check a plugin, sign it and upload it to a registry')
    .argument('<plugin>', 'folder or .tgz of the plugin')
    .requiredOption('--registry <url>', 'address of the registry, for instance http://127.0.0.1:3000')
    .requiredOption('--token <token>', 'API token of an author')
    .option(
      '--key <file>',
      'your signing key; made at first use (default: author-key.pem in your configuration folder)',
    )
    .action((plugin: string, options: PublishOptions & { json?: boolean }) =>
      ends(publishCommand(plugin, options), options),
    );

  return program;
}

try {
  await createProgram((result, json) => {
    const text = json ? JSON.stringify(result.report, null, 2) : result.lines.join('\n');
    if (json || result.exitCode === 0) process.stdout.write(`${text}\n`);
    else process.stderr.write(`${text}\n`);
    process.exitCode = result.exitCode;
  }).parseAsync();
} catch (error) {
  // Help and version are no errors; whatever else commander refuses is a mistake in the call.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
