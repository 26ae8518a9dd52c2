import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestRequest } from '../plugins/plugin-run.ts';

/** Headers as the index of the payloads names them in a row: `X-GitHub-Event: status (...)`, `X-Shopify-Topic refunds/create;`. */
const NAMED = /(X-GitHub-Event|X-Gitlab-Event|X-Event-Key|Sentry-Hook-Resource): ([A-Za-z_:. ]+?)\s*(?=[;|(.]|$)/g;
const TOPIC = /(X-Shopify-Topic) ([\w/]+);/g;

/** The rows of the index by `folder/file`; empty where there is no index. */
export function indexRows(folder: string): Map<string, string> {
  const path = join(folder, 'INDEX.md');
  const rows = new Map<string, string>();
  let provider = '';
  for (const line of existsSync(path) ? readFileSync(path, 'utf8').split('\n') : []) {
    provider = /^## (\S+)/.exec(line)?.[1] ?? provider;
    const file = /^\| ([\w.-]+\.\w+) \|/.exec(line)?.[1];
    if (file !== undefined) rows.set(`${provider}/${file}`, line);
  }
  return rows;
}

/** The request that a file came in: its content type, and the vendor's headers as far as the index tells them. */
export function describedRequest(provider: string, text: string, row: string): TestRequest {
  const headers = Object.fromEntries(
    [...row.matchAll(NAMED), ...row.matchAll(TOPIC)].map(([, name = '', value = '']) => [name, value]),
  );
  if (provider === 'aws-cloudwatch') {
    const isMessage = /"Type" ?: ?"Notification"/.test(text) && !text.includes('"Records"');
    const type: Record<string, string> = isMessage ? { 'x-amz-sns-message-type': 'Notification' } : {};
    return { text, contentType: 'text/plain; charset=UTF-8', headers: type };
  }
  if (row.includes('stands in form field payload'))
    return {
      text: new URLSearchParams({ payload: text }).toString(),
      contentType: 'application/x-www-form-urlencoded',
    };
  if (row.includes('header circleci-event-type')) {
    const type = /"type" ?: ?"((?:workflow|job)-completed)"/.exec(text)?.[1];
    return { text, headers: type === undefined ? {} : { 'circleci-event-type': type } };
  }
  const isForm = row.includes('form-encoded') && !text.trimStart().startsWith('{');
  return { text, headers, contentType: isForm ? 'application/x-www-form-urlencoded' : 'application/json' };
}
