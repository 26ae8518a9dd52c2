import { dedupKey, eventOf, textOf } from '@patchbay/plugin-sdk';
import type { Reading } from '@patchbay/plugin-sdk';

type Fields = Record<string, unknown>;

/** Spend management has a webhook of its own, without the type and the payload of the others. */
export function isSpend(body: unknown): body is Fields {
  if (typeof body !== 'object' || body === null || 'payload' in body) return false;
  return 'teamId' in body && ('budgetAmount' in body || textOf((body as Fields).type) === 'endOfBillingCycle');
}

/** https://vercel.com/docs/spend-management#webhook: the end of the billing cycle is the end of the problem. */
export function spendEvent(body: Fields): Reading {
  const team = textOf(body.teamId) ?? 'team';
  const isOver = textOf(body.type) === 'endOfBillingCycle';
  const amounts = `${textOf(body.currentSpend) ?? '?'} of ${textOf(body.budgetAmount) ?? '?'}`;
  const share = Number(body.thresholdPercent ?? 100);
  return eventOf({
    action: isOver ? 'resolve' : 'trigger',
    key: dedupKey('vercel', 'spend', team),
    summary: [isOver ? `${team}: the billing cycle has ended` : `${team}: ${amounts} USD of the budget are spent`],
    source: [team, 'Vercel'],
    severity: isOver ? 'info' : share >= 100 ? 'error' : 'warning',
    kind: 'spend management',
    component: team,
    links: [],
    details: { spent: body.currentSpend ?? null, budget: body.budgetAmount ?? null },
  });
}
