import { Globe, HardDrive, KeyRound } from 'lucide-react';
import type { PermissionLine } from './permission-lines.ts';
import { RiskMark } from './risk.tsx';
import classes from './consent-list.module.css';

const groups = [
  { title: 'Other hosts it talks to', icon: Globe, kinds: ['http'] },
  { title: 'Secrets it uses', icon: KeyRound, kinds: ['secret'] },
  { title: 'On this host', icon: HardDrive, kinds: ['act', 'store', 'emit', 'schedule'] },
] as const satisfies readonly { kinds: readonly PermissionLine['kind'][]; [other: string]: unknown }[];

/** What a plugin may do, one sentence each, with the exact scope below it; grouped by what it touches. */
export function ConsentList({ lines, headingLevel = 3 }: { lines: readonly PermissionLine[]; headingLevel?: 3 | 4 }) {
  const Heading = `h${headingLevel}` as const;
  if (lines.length === 0)
    return (
      <p className={classes.nothing}>
        It asks for nothing. It turns what a sender posts into events and can do no more: no requests to other hosts, no
        stored data, no secrets.
      </p>
    );
  return (
    <div className={classes.groups}>
      {groups.map(({ title, icon: Icon, kinds }) => {
        const own = lines.filter((line) => (kinds as readonly string[]).includes(line.kind));
        return own.length === 0 ? null : (
          <section key={title}>
            <Heading className={classes.heading}>
              <Icon size={16} aria-hidden="true" /> {title}
            </Heading>
            <ul className={classes.list}>
              {own.map((line) => (
                <li key={line.key} className={classes.line}>
                  <div className={classes.words}>
                    <p className={classes.sentence}>{sentence(line.sentence)}</p>
                    <p className={`${classes.scope ?? ''} ${line.kind === 'http' ? 'mono' : ''}`}>{line.scope}</p>
                    <Warnings line={line} />
                    {line.reason !== null && <p className={classes.reason}>{line.reason}</p>}
                  </div>
                  <RiskMark risk={line.risk} />
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </div>
  );
}

/** With a full stop, unless it ends with one. */
export function sentence(text: string): string {
  return /[.!?]\)?$/.test(text) ? text : `${text}.`;
}

function Warnings({ line: { reach } }: { line: PermissionLine }) {
  if (reach.kind !== 'host') return null;
  return (
    <>
      {reach.wildcard && (
        <p className={classes.warning}>
          This is a whole family of hosts: whoever owns a name that ends in {reach.host.slice(1)} can be reached.
        </p>
      )}
      {reach.scheme === 'http' && (
        <p className={classes.warning}>Not encrypted (http): anyone on the way can read and change what is sent.</p>
      )}
    </>
  );
}
