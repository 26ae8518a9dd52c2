import type { Command } from 'commander';
import { loginCommand } from './login-command.ts';
import type { RegistryOptions } from './login.ts';
import type { CommandTable, Shown } from './program.ts';
import { lostKeyCommand } from './lost-key-command.ts';
import { publishCommand, type PublishOptions } from './publish-command.ts';
import { rotateKeyCommand } from './rotate-key-command.ts';
import { statusCommand } from './status-command.ts';
import { deprecateCommand, versionsCommand, yankCommand } from './version-commands.ts';

type Options = RegistryOptions & Shown;

/** Commands that talk to a registry. */
export function addRegistryCommands({ command, ends }: CommandTable): void {
  const atRegistry = (usage: string, summary: string): Command =>
    command(usage, summary)
      .option('--registry <url>', 'address of the registry (default: PATCHBAY_REGISTRY, or that of the last login)')
      .option('--token <token>', 'API token of an author (default: PATCHBAY_TOKEN, or that of the last login)');
  const keyHelp = 'your signing key (default: author-key.pem in your configuration folder)';

  atRegistry('login', 'try a token at a registry, and remember both').action((options: Options) =>
    ends(() => loginCommand(options), options),
  );

  atRegistry('publish', 'check a plugin, sign it and upload it; ends with 3 while the version is held')
    .argument('<plugin>', 'folder or .tgz of the plugin')
    .option('--key <file>', `${keyHelp}; made at first use`)
    .option('--claim', "take the plugin's namespace, if nobody has it yet")
    .action((plugin: string, options: PublishOptions & Shown) =>
      ends((progress) => publishCommand(plugin, options, progress), options),
    );

  atRegistry('status', 'what became of what you published: every check and finding; ends with 3 while it is held')
    .argument('[plugin]', 'namespace/name or namespace/name@version (default: all of yours)')
    .action((plugin: string | undefined, options: Options) => ends(() => statusCommand(plugin, options), options));

  atRegistry('versions', 'the versions of your plugins, and what became of each')
    .argument('[plugin]', 'namespace/name (default: all of yours)')
    .action((plugin: string | undefined, options: Options) => ends(() => versionsCommand(plugin, options), options));

  atRegistry('yank', 'take a version out of the catalogue; who has it keeps it')
    .argument('<plugin>', 'namespace/name')
    .argument('<version>', 'the version')
    .option('--reason <text>', 'why; who has the version reads it')
    .option('--undo', 'offer it again')
    .action((plugin: string, version: string, options: Options & { reason?: string; undo?: boolean }) =>
      ends(() => yankCommand(plugin, version, options), options),
    );

  atRegistry('deprecate', 'say that a plugin is no longer looked after')
    .argument('<plugin>', 'namespace/name')
    .option('--message <text>', 'why, and what to do')
    .option('--replacement <plugin>', 'the plugin to use instead')
    .option('--undo', 'take it back')
    .action((plugin: string, options: Options & { message?: string; replacement?: string; undo?: boolean }) =>
      ends(() => deprecateCommand(plugin, options), options),
    );

  atRegistry('rotate-key', 'replace the signing key of a namespace; the present key signs that')
    .argument('<namespace>', 'your namespace')
    .requiredOption('--next <file>', 'where the new key is made')
    .option('--key <file>', keyHelp)
    .action((namespace: string, options: Options & { key?: string; next: string }) =>
      ends(() => rotateKeyCommand(namespace, options), options),
    );

  atRegistry('lost-key', 'ask for a new signing key of a namespace whose key is lost; an admin of the registry decides')
    .argument('<namespace>', 'your namespace')
    .requiredOption('--next <file>', 'where the new key is made, or lies')
    .requiredOption('--reason <text>', 'what became of the key; the admin reads it')
    .action((namespace: string, options: Options & { next: string; reason: string }) =>
      ends(() => lostKeyCommand(namespace, options), options),
    );
}
