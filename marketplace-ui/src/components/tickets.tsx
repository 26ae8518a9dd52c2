import { Anchor } from '@mantine/core';
import { Fragment } from 'react';
import { safeHref } from './safe-href.ts';

interface Linked {
  key: string;
  href: string;
  title?: string | null;
}

/** Tickets in other systems that this incident became. */
export function Tickets({ linked }: { linked: readonly Linked[] }) {
  return linked.map((ticket, at) => {
    const href = safeHref(ticket.href);
    return (
      <Fragment key={ticket.href + ticket.key}>
        {at > 0 && ', '}
        {href ? (
          <Anchor href={href} target="_blank" rel="noreferrer" className="mono" title={ticket.title ?? undefined}>
            {ticket.key}
          </Anchor>
        ) : (
          <span className="mono">{ticket.key}</span>
        )}
      </Fragment>
    );
  });
}
