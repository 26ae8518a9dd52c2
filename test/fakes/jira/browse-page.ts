import { documentText } from './atlassian-document.ts';
import type { JiraIssue } from './jira-site.ts';

/** What a person sees who follows a ticket's link: the issue as the stand-in has it, on one plain page. */
export function browsePage({ key, fields, status, comments }: JiraIssue): string {
  const comment = ({ created, body }: JiraIssue['comments'][number]): string =>
    `<li><time>${escape(created)}</time><pre>${escape(documentText(body))}</pre></li>`;
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>${escape(key)}, a stand-in of Jira</title>
    <style>
      :root { color-scheme: light dark; }
      body { font: 1rem/1.5 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem; }
      pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; }
    </style>
  </head>
  <body>
    <main>
      <p>A stand-in of Jira, for the demo and the tests. It is no Jira, and knows only what Patchbay sent.</p>
      <h1>${escape(key)}: ${escape(textOf(fields['summary']))}</h1>
      <p>Status: <strong>${escape(status.name)}</strong></p>
      <pre>${escape(documentText(fields['description']))}</pre>
      <h2>Comments</h2>
      ${comments.length === 0 ? '<p>None yet.</p>' : `<ol>${comments.map(comment).join('')}</ol>`}
    </main>
  </body>
</html>
`;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${String(character.codePointAt(0))};`);
