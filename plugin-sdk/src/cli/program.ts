import { Command } from 'commander';
import { sdkVersion } from '../compile/sdk-version.ts';
import { buildCommand } from './build-command.ts';
import { checkCommand } from './check-command.ts';
import { exitCodes, type CommandResult } from './command-result.ts';
import { devCommand, type DevOptions } from './dev-command.ts';
import { initCommand } from './init-command.ts';
import { packCommand } from './pack-command.ts';
import { createProgress, noProgress, type Progress } from './progress.ts';
import { addRegistryCommands } from './registry-program.ts';
import { replayCommand } from './replay-command.ts';
import { runCommand, type RunOptions } from './run-command.ts';
import { testCommand } from './test-command.ts';

/** Options that every command has. */
export interface Shown {
  json?: boolean;
}

export interface CommandTable {
  /** A command with the options that all have. */
  command(usage: string, summary: string): Command;
  /** Carries out a command and hands its result over. */
  ends(work: (progress: Progress) => Promise<CommandResult>, options: Shown): Promise<void>;
}

const collect = (value: string, before: string[]): string[] => [...before, value];

/** Every command, argument and option. docs/reference/cli.md is made from it. */
export function createProgram(finish: (result: CommandResult, json: boolean) => void): Command {
  const codes = Object.entries(exitCodes).map(([code, means]) => `  ${code}  ${means}`);
  const program = new Command('patchbay')
    .description('Builds, tests, runs and publishes Patchbay plugins.')
    .version(sdkVersion())
    .exitOverride()
    .showHelpAfterError('(run with --help for what is possible)')
    .addHelpText('after', `\nExit codes:\n${codes.join('\n')}`);
  const table: CommandTable = {
    command: (usage, summary) =>
      program.command(usage).description(summary).option('--json', 'print one JSON object and no progress'),
    ends: async (work, { json = false }) =>
      finish(await work(json ? noProgress : createProgress(process.stderr)), json),
  };
  addLocalCommands(table);
  addRegistryCommands(table);
  return program;
}

/** Commands that talk to nobody. */
function addLocalCommands({ command, ends }: CommandTable): void {
  command('init', 'write a small plugin that works')
    .argument('<id>', 'namespace/name; the plugin is written into the folder "name"')
    .option('--template <kind>', 'ingest, connector or both', 'ingest')
    .action((id: string, options: { template: string } & Shown) => ends(() => initCommand(id, options), options));

  command('dev', 'compile a plugin and run its fixtures whenever a file changes; take requests at a local address')
    .argument('<folder>', 'folder of the plugin')
    .option('--port <port>', 'port of the local address (default: 8787)')
    .option('--config <file>', 'JSON file with the settings for requests that come in')
    .option('--once', 'run the fixtures once and end')
    .action((folder: string, options: DevOptions & Shown) => ends(() => devCommand(folder, options), options));

  command('test', 'run the fixtures of a plugin')
    .argument('<plugin>', 'folder or .tgz of the plugin')
    .action((plugin: string, options: Shown) => ends((progress) => testCommand(plugin, { progress }), options));

  command('check', 'make the checks that a registry makes')
    .argument('<plugin>', 'folder or .tgz of the plugin')
    .action((plugin: string, options: Shown) => ends((progress) => checkCommand(plugin, progress), options));

  command('build', 'compile a plugin into a module')
    .argument('<folder>', 'folder of the plugin')
    .option('--out <folder>', 'where module.wasm and its source map are written (default: dist in the folder)')
    .action((folder: string, options: { out?: string } & Shown) =>
      ends((progress) => buildCommand(folder, options, progress), options),
    );

  command('pack', 'compile plugins and pack each into a .tgz')
    .argument('<folders...>', 'folders of the plugins')
    .option('--out <folder>', 'where the packages are written (default: dist in the folder of each plugin)')
    .action((folders: string[], options: { out?: string } & Shown) =>
      ends((progress) => packCommand(folders, options, progress), options),
    );

  command('run', 'run one export of a plugin in the sandbox, without a server')
    .argument('<plugin>', 'folder or .tgz of the plugin')
    .argument('<export>', 'ingest or deliver')
    .argument('<input>', 'file with the raw body (ingest) or a change as JSON (deliver); - reads standard input')
    .option('--header <name:value>', 'a request header; may be repeated', collect, [])
    .option('--query <name=value>', 'a query parameter; may be repeated', collect, [])
    .option('--content-type <type>', 'content type of the body (default: application/json)')
    .option('--method <method>', 'POST, PUT or GET (default: POST)')
    .option('--config <file>', 'JSON file with the settings')
    .action((plugin: string, name: string, input: string, options: RunOptions & Shown) =>
      ends((progress) => runCommand(plugin, name, input, options, progress), options),
    );

  command('replay', 'run a call that was exported from a host again: the same input, the same answers, nothing is sent')
    .argument('<file>', 'the exported call (GET /api/deliveries/ID/export); - reads standard input')
    .option('--plugin <plugin>', 'folder or .tgz of the plugin', '.')
    .action((file: string, options: { plugin: string } & Shown) =>
      ends((progress) => replayCommand(file, options, progress), options),
    );
}
