import { createEgress, type Egress, type Resolver } from '../egress/egress.ts';
import { nameAnswers, type UrlVerdict } from './url-verdicts.ts';

/** The host's own guard before a name service that says what the table of URLs says, and keeps what it was asked. */
export function createUrlWorld(allow: readonly string[] = []): { egress: Egress; asked: string[] } {
  const asked: string[] = [];
  const resolve: Resolver = (name, _options, callback) => {
    asked.push(name);
    const answer = nameAnswers[name];
    if (answer === undefined) return callback(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }), []);
    callback(
      null,
      answer.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
  return { egress: createEgress({ allow, resolve }), asked };
}

/** What came of a request, in the words of the table. */
export function verdictOf(code: string | null, asked: readonly string[]): UrlVerdict {
  return code === 'EGRESS_FAILED' && asked.length > 0 ? `asks ${asked.join(' and ')}` : (code as UrlVerdict);
}
