import { dedupKey, eventOf, firstText, hostOf, textOf } from '@patchbay/plugin-sdk';
import type { EventAction, Reading, Severity } from '@patchbay/plugin-sdk';
import type { z } from 'zod';
import type { checkSchema, legacySchema } from './check.schema.ts';

/** UP and DOWN are the states of uptime checks, SUCCESS and FAILING those of transaction checks. */
const ACTIONS = new Map<string, EventAction>([
  ['DOWN', 'trigger'],
  ['FAILING', 'trigger'],
  ['UP', 'resolve'],
  ['SUCCESS', 'resolve'],
]);

export function checkEvent(check: z.infer<typeof checkSchema>, severity: (level: unknown) => Severity): Reading {
  const state = check.current_state.trim().toUpperCase();
  const action = ACTIONS.get(state);
  if (action === undefined) return { ignored: `The check's state is "${state.slice(0, 60)}", which is no alert` };
  const params = check.check_params ?? {};
  const name = firstText(check.check_name, params.hostname) ?? `Check ${check.check_id}`;
  const reason = firstText(check.long_description, check.description);
  const word = action === 'resolve' ? 'is up again' : state === 'FAILING' ? 'is failing' : 'is down';
  return eventOf({
    action,
    key: checkKey(check.check_id),
    summary: [action === 'resolve' || reason === undefined ? `${name} ${word}` : `${name} ${word}: ${reason}`],
    source: [params.hostname, hostOf(params.full_url), hostOf(params.url), name],
    severity: severity(check.importance_level),
    kind: textOf(check.check_type) ?? 'check',
    component: name,
    timestamp: check.state_changed_timestamp ?? check.state_changed_utc_time,
    links: [reportLink(check.check_id), [params.full_url, 'What is checked'], [params.url, 'What is checked']],
    details: {
      state,
      previous_state: check.previous_state ?? null,
      importance: check.importance_level ?? null,
      description: check.description ?? null,
      long_description: check.long_description ?? null,
      tags: check.tags ?? [],
      probes: [check.first_probe?.location, check.second_probe?.location].flatMap((place) => textOf(place) ?? []),
    },
  });
}

/** What the BeepManager of old accounts sends; its action says whether an incident began or ended. */
export function legacyEvent(message: z.infer<typeof legacySchema>, severity: (level: unknown) => Severity): Reading {
  const isOver = message.action === 'notify_of_close';
  if (!isOver && message.action !== 'assign')
    return { ignored: `The action "${String(message.action).slice(0, 60)}" neither opens nor closes an incident` };
  const name = firstText(message.checkname, message.host) ?? `Check ${message.check}`;
  return eventOf({
    action: isOver ? 'resolve' : 'trigger',
    key: checkKey(message.check),
    summary: [`${name} ${isOver ? 'is up again' : 'is down'}`],
    source: [message.host, name],
    severity: severity(undefined),
    kind: 'check',
    component: name,
    links: [reportLink(message.check)],
    details: { action: message.action, description: message.description ?? null },
  });
}

const checkKey = (id: string | number): string => dedupKey('pingdom', id);

function reportLink(id: string | number): [string | undefined, string] {
  const isNumber = /^\d{1,20}$/.test(String(id));
  return [isNumber ? `https://my.pingdom.com/app/reports/uptime#check=${id}` : undefined, 'Report in Pingdom'];
}
