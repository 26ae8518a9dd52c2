import { format } from 'prettier';
import { errorCatalogue, type ErrorCode } from '@patchbay/plugin-sdk/contract/error-codes';
import {
  deliveryLimits,
  eventLimits,
  ingestLimits,
  packageLimits,
  sandboxLimits,
  secretLimits,
} from '@patchbay/plugin-sdk/contract/limits';
import { pluginExports, type PluginExport } from '@patchbay/plugin-sdk/contract/manifest';
import { capabilities, type Capability } from '@patchbay/plugin-sdk/contract/permissions';
import { examples, importedNames, type Example } from './examples.ts';
import { documentedGlobals, guestNames, limitTexts, type GuestName } from './guest-names.ts';
import { caughtErrors, endingErrors } from './plugin-errors.ts';

/** What each export of a plugin is for. */
const exportTexts: Record<PluginExport, string> = {
  ingest: 'Makes events of a sender’s request. Pure: it has no effects but log lines.',
  deliver: 'Carries a change of an incident to the outside. May be run again from the start at any time.',
  callback: 'Reserved in the ABI. The host does not call it.',
  actions: 'Reserved in the ABI. The host does not call it.',
  schedule: 'Reserved in the ABI. The host does not call it.',
};

const permissionTexts: Record<Capability, string> = {
  http: 'Requests by `fetch`, to the hosts, paths and methods that are named, and nowhere else.',
  store: 'Values kept between calls, up to `bytes` for each installation; also for `once`.',
  emit: 'Events of its own, of the `kinds` that are named.',
  schedule: 'Waiting within a call: `sleep`, `setTimeout`, `AbortSignal.timeout`; up to `maxDelaySeconds`.',
};

/** The limits that a plugin or its author meets. */
export const shownLimits = { sandboxLimits, ingestLimits, eventLimits, deliveryLimits, secretLimits, packageLimits };
const limitTitles: Record<keyof typeof shownLimits, string> = {
  sandboxLimits: 'A run and a call',
  ingestLimits: 'What a sender posts',
  eventLimits: 'An event',
  deliveryLimits: 'A delivery',
  secretLimits: 'A secret',
  packageLimits: 'A package',
};

/** docs/reference/plugin-api.md: what a plugin is made with, out of the guest's types and the contract. */
export async function pluginApiPage(): Promise<string> {
  const all = examples();
  const names = await Promise.all(guestNames().map(formatted));
  return `# Plugin API

What a plugin exports, imports of \`@patchbay/plugin-sdk\`, may do, and runs into. How one is made is in the
[guide](../guides/first-plugin.md); the manifest's own schema is \`plugin-sdk/schema/plugin.json\`.

This page is generated from \`plugin-sdk/src/guest\` and \`plugin-sdk/src/contract\`; a test compares them. The examples are
the plugins of \`plugin-sdk/examples\`, which a test compiles and runs in the sandbox with their fixtures.

## Exports of a plugin

\`provides\` of plugin.json names them, and \`defineIntegration\` makes them.

| Export | | Examples |
| --- | --- | --- |
${pluginExports.map((name) => row(`\`${name}\``, exportTexts[name], links(all.filter(({ manifest }) => manifest.provides.includes(name))))).join('\n')}

## Functions and classes

${names
  .filter(({ kind }) => kind === 'value')
  .map((name) => entry(name, all))
  .join('\n')}
## Types

${names
  .filter(({ kind }) => kind === 'type')
  .map((name) => entry(name, all))
  .join('\n')}
## Globals

A plugin has the JavaScript of ES2023 and what is in \`plugin-sdk/src/guest/globals.d.ts\`: \`URL\`, \`Headers\`, \`Response\`,
\`AbortController\`, \`TextEncoder\`, \`structuredClone\`, \`crypto\` and the like. There is no DOM and no Node. These are
special:

| Global | |
| --- | --- |
${documentedGlobals()
  .map(({ name, text }) => row(`\`${name}\``, text))
  .join('\n')}

## Permissions

\`permissions\` of plugin.json. What is not named is denied; who installs the plugin agrees to each.

| Permission | | Examples |
| --- | --- | --- |
${capabilities.map((name) => row(`\`${name}\``, permissionTexts[name], links(all.filter(({ manifest }) => manifest.permissions[name] !== undefined)))).join('\n')}

## Limits

${Object.entries(shownLimits)
  .map(([group, values]) => limits(group as keyof typeof shownLimits, values))
  .join('\n')}
## Errors

Codes of [errors.md](errors.md) that a plugin meets. Those with an example are what the plugin [errors](#errors-1) causes on
purpose; the others take a vendor, an operator or a broken module, not a plugin's source.

### Errors that a plugin can catch

An ask (a request, the store, an event, waiting) rejects with a \`PatchbayError\` of this code.

${errors(caughtErrors, all)}
### Errors that end a call

${errors(endingErrors, all)}
## Examples

${all.map(example).join('\n')}`;
}

/** The codes of which the example has a cause. */
export function exampleErrors(all: readonly Example[]): ErrorCode[] {
  const source = all.find(({ name }) => name === 'errors')?.source ?? '';
  return [...source.matchAll(/^ {2}(?:async )?([A-Z_]+)[:(]/gm)].map(([, code]) => code as ErrorCode);
}

async function formatted(name: GuestName): Promise<GuestName> {
  const declaration = await format(name.declaration, { parser: 'typescript', singleQuote: true, printWidth: 120 });
  return { ...name, declaration: declaration.trimEnd() };
}

function entry({ name, text, declaration }: GuestName, all: readonly Example[]): string {
  const used = all.filter(({ source }) => importedNames(source).includes(name));
  return `### ${name}

${text}

\`\`\`ts
${declaration}
\`\`\`

Examples: ${links(used)}
`;
}

function links(used: readonly Example[]): string {
  return used.map(({ name }) => `[${name}](#${name === 'errors' ? 'errors-1' : name})`).join(', ');
}

function limits(group: keyof typeof shownLimits, values: Readonly<Record<string, number | readonly number[]>>): string {
  const rows = limitTexts(group).map(({ name, text }) => row(`\`${name}\``, valueText(name, values[name] ?? 0), text));
  return `### ${limitTitles[group]}

| Limit | Value | |
| --- | --- | --- |
${rows.join('\n')}
`;
}

function valueText(name: string, value: number | readonly number[]): string {
  if (typeof value !== 'number') return value.map((one) => valueText(name, one)).join(', ');
  if (/Ms(PerMinute)?$/.test(name)) return durationText(value);
  if (/bytes/i.test(name)) return bytesText(value);
  return value.toLocaleString('en');
}

function durationText(ms: number): string {
  for (const [unit, length] of Object.entries({ d: 86_400_000, h: 3_600_000, min: 60_000, s: 1000 }))
    if (ms % length === 0) return `${ms / length} ${unit}`;
  return `${ms} ms`;
}

function bytesText(bytes: number): string {
  if (bytes % 1_048_576 === 0) return `${bytes / 1_048_576} MiB`;
  return bytes % 1024 === 0 ? `${bytes / 1024} KiB` : `${bytes} bytes`;
}

function errors(codes: readonly ErrorCode[], all: readonly Example[]): string {
  const shown = exampleErrors(all);
  const rows = codes.map((code) => {
    const { means, remedy } = errorCatalogue[code];
    return row(`\`${code}\``, means, remedy, shown.includes(code) ? '[errors](#errors-1)' : '');
  });
  return `| Code | What it means | What to do | Example |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n`;
}

function example({ name, manifest, source }: Example): string {
  return `### ${name}

${manifest.summary} \`plugin-sdk/examples/${name}\`

\`\`\`ts
${source.trimEnd()}
\`\`\`
`;
}

function row(...cells: string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
