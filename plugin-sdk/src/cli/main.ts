import { Command, CommanderError } from 'commander';
import { sdkVersion } from '../compile/sdk-version.ts';
import { buildCommand } from './build-command.ts';
import { checkCommand } from './check-command.ts';
import type { CommandResult } from './command-result.ts';
import { deprecateCommand, versionsCommand, yankCommand } from './version-commands.ts';
import { devCommand, type DevOptions } from './dev-command.ts';
import { initCommand } from './init-command.ts';
import type { RegistryOptions } from './login.ts';
import { loginCommand } from './login-command.ts';
import { packCommand } from './pack-command.ts';
import { publishCommand, type PublishOptions } from './publish-command.ts';
import { rotateKeyCommand } from './rotate-key-command.ts';
import { runCommand, type RunOptions } from './run-command.ts';
import { statusCommand } from './status-command.ts';
import { testCommand } from './test-command.ts';

const collect = (value: string, before: string[]): string[] => [...before, value];

function createProgram(finish: (result: CommandResult, json: boolean) => void): Command {
  const program = new Command('patchbay')
    .description('Builds, tests, runs and publishes Patchbay plugins.')
    .version(sdkVersion())
    .exitOverride()
    .showHelpAfterError('(run with --help for what is possible)')
    .addHelpText(
      'after',
      '\nExit codes: 0 it worked, 1 the plugin failed or does not pass, 2 called wrongly, 3 not yet: it is held.',
    );
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
    .option('--template <kind>', 'ingest, connector or both', 'ingest')
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

  command('dev', 'compile a plugin and run its fixtures whenever a file changes; take requests at a local address')
    .argument('<folder>', 'folder of the plugin')
    .option('--port <port>', 'port of the local address (default: 8787)')
    .option('--config <file>', 'JSON file with the settings for requests that come in')
    .option('--once', 'run the fixtures once and end')
    .action((folder: string, options: DevOptions & { json?: boolean }) => ends(devCommand(folder, options), options));

  const atRegistry = (usage: string, summary: string): Command =>
    command(usage, summary)
      .option('--registry <url>', 'address of the registry (default: that of the last login, or PATCHBAY_REGISTRY)')
      .option('--token <token>', 'API token of an author (default: that of the last login, or PATCHBAY_TOKEN)');
  const keyHelp = 'your signing key (default: author-key.pem in your configuration folder)';

  atRegistry('login', 'try a token at a registry, and remember both').action(
    (options: RegistryOptions & { json?: boolean }) => ends(loginCommand(options), options),
  );

  atRegistry('publish', 'check a plugin, sign it and upload it to a registry')
    .argument('<plugin>', 'folder or .tgz of the plugin')
    .option('--key <file>', `${keyHelp}; made at first use`)
    .action((plugin: string, options: PublishOptions & { json?: boolean }) =>
      ends(publishCommand(plugin, options), options),
    );

  atRegistry('status', 'what became of what you published: every check and finding; ends with 3 while it is held')
    .argument('[plugin]', 'namespace/name or namespace/name@version (default: all of yours)')
    .action((plugin: string | undefined, options: RegistryOptions & { json?: boolean }) =>
      ends(statusCommand(plugin, options), options),
    );

  atRegistry('versions', 'the versions of your plugins, and what became of each')
    .argument('[plugin]', 'namespace/name (default: all of yours)')
    .action((plugin: string | undefined, options: RegistryOptions & { json?: boolean }) =>
      ends(versionsCommand(plugin, options), options),
    );

  atRegistry('yank', 'take a version out of the catalogue; who has it keeps it')
    .argument('<plugin>', 'namespace/name')
    .argument('<version>')
    .option('--reason <text>', 'why; who has the version reads it')
    .option('--undo', 'offer it again')
    .action(
      (
        plugin: string,
        version: string,
        options: RegistryOptions & { reason?: string; undo?: boolean; json?: boolean },
      ) => ends(yankCommand(plugin, version, options), options),
    );

  atRegistry('deprecate', 'say that a plugin is no longer looked after')
    .argument('<plugin>', 'namespace/name')
    .option('--message <text>', 'why, and what to do')
    .option('--replacement <plugin>', 'the plugin to use instead')
    .option('--undo', 'take it back')
    .action(
      (
        plugin: string,
        options: RegistryOptions & { message?: string; replacement?: string; undo?: boolean; json?: boolean },
      ) => ends(deprecateCommand(plugin, options), options),
    );

  atRegistry('rotate-key', 'replace the signing key of a namespace; the present key signs that')
    .argument('<namespace>')
    .requiredOption('--next <file>', 'where the new key is made')
    .option('--key <file>', keyHelp)
    .action((namespace: string, options: RegistryOptions & { key?: string; next: string; json?: boolean }) =>
      ends(rotateKeyCommand(namespace, options), options),
    );

  return program;
}

try {
  await createProgram((result, json) => {
    process.exitCode = result.exitCode;
    if (result.streamed === true) return;
    const text = json ? JSON.stringify(result.report, null, 2) : result.lines.join('\n');
    if (json || result.exitCode === 0) process.stdout.write(`${text}\n`);
    else process.stderr.write(`${text}\n`);
  }).parseAsync();
} catch (error) {
  // Help and version are no errors; whatever else commander refuses is a mistake in the call.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
