import { exitCodes } from '@patchbay/plugin-sdk/cli/command-result';
import { createProgram } from '@patchbay/plugin-sdk/cli/program';

type Table = ReturnType<typeof createProgram>;

/** docs/reference/cli.md: every command, argument, option and exit code of the real command table. */
export function cliPage(): string {
  const program = createProgram(() => undefined);
  const codes = Object.entries(exitCodes).map(([code, means]) => `| ${code} | ${means} |`);
  return `# The command line

\`patchbay\` ${lowerFirst(program.description())} In a checkout of Patchbay it is run as
\`npm run -s patchbay -- COMMAND\`; from npm, \`npx patchbay COMMAND\`.

The result goes to standard output; what is not a success, and progress, to standard error. Progress is one line that
redraws itself on a terminal and plain lines elsewhere. With \`--json\` the result is one JSON object on standard output,
whatever the exit code, without progress; a command that goes on until it is stopped (\`dev\`) prints one object a line. An error is
\`{ "error": { "code", "message", … } }\` with a code of [errors.md](errors.md).

This page is generated from the command table; a test compares the two.

## Exit codes

| Code | What it means |
| --- | --- |
${codes.join('\n')}

\`publish\` and \`status\` end with 0 only when the version is in the catalogue: while it is uploaded, checked, in review or
held they end with 3, and with 1 when it is rejected, sent back, yanked or revoked.

${program.commands.map(section).join('\n')}`;
}

function section(command: Table): string {
  const { registeredArguments: args } = command;
  const usage = [
    command.name(),
    ...args.map((argument) => shape(argument.name(), argument.required, argument.variadic)),
  ];
  const rows = [
    ...args.map((argument) => row(argument.name(), argument.description)),
    ...command.options.map(({ flags, description, mandatory, defaultValue }) =>
      row(flags, `${description}${mandatory ? ' (needed)' : defaultText(defaultValue)}`),
    ),
  ];
  return `## ${command.name()}

${upperFirst(command.description())}.

\`\`\`sh
patchbay ${usage.join(' ')}
\`\`\`

| Argument or option | |
| --- | --- |
${rows.join('\n')}
`;
}

function shape(name: string, required: boolean, variadic: boolean): string {
  const text = variadic ? `${name}...` : name;
  return required ? `<${text}>` : `[${text}]`;
}

function row(name: string, description: string): string {
  return `| \`${name}\` | ${upperFirst(description).replaceAll('|', '\\|')} |`;
}

function defaultText(value: unknown): string {
  return typeof value === 'string' ? ` (default: ${value})` : '';
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
