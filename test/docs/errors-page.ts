import { errorCatalogue, errorCodes } from '@patchbay/plugin-sdk/contract/error-codes';

/** docs/reference/errors.md: every code of the catalogue and nothing else. */
export function errorsPage(): string {
  const rows = errorCodes.toSorted().map((code) => {
    const entry: { status?: number; means: string; remedy: string } = errorCatalogue[code];
    return `| \`${code}\` | ${entry.status ?? ''} | ${entry.means} | ${entry.remedy} |`;
  });
  return `# Error codes

Every error that Patchbay shows carries one of these codes: in the API as \`error.code\` of the envelope below, in the
command line's \`--json\` output, in deliveries, in the log. The list is closed. Codes with a status reach an API; the
others live in deliveries, requests, findings and logs.

\`\`\`json
{ "error": { "code": "KEY_INVALID", "message": "…", "remedy": "…", "details": [{ "path": "…", "message": "…" }], "requestId": "…" } }
\`\`\`

This page is generated from \`plugin-sdk/src/contract/error-codes.ts\`; a test compares the two.

| Code | Status | What it means | What to do |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
}
