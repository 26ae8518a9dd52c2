import { dedupKey, eventOf, firstText } from '@patchbay/plugin-sdk';
import type { Reading, Severity } from '@patchbay/plugin-sdk';
import type { z } from 'zod';
import { pageOf, statusWord } from './reading.ts';
import type { Settings } from './reading.ts';
import type { componentSchema } from './statuspage.schema.ts';

const SEVERITIES = new Map<string, Severity>([
  ['degradedperformance', 'warning'],
  ['partialoutage', 'error'],
  ['majoroutage', 'critical'],
  ['undermaintenance', 'info'],
]);

/** A component that changes its status, with or without an incident that somebody wrote. */
export function componentEvent(message: z.infer<typeof componentSchema>, settings: Settings): Reading {
  const { component_update: update, component } = message;
  const page = pageOf(message);
  const shown = firstText(update?.new_status, component?.status) ?? '';
  const status = statusWord(shown);
  const severity = SEVERITIES.get(status);
  const isOver = status === 'operational' || status === 'up';
  if (!isOver && severity === undefined)
    return { ignored: `The component's status is "${shown.slice(0, 60)}", which is no alert` };
  if (status === 'undermaintenance' && !settings.maintenance) return { ignored: 'Planned maintenance is no alert' };
  const id = firstText(component?.id, update?.component_id, component?.name) ?? 'component';
  const name = firstText(component?.name) ?? `Component ${id}`;
  const words = isOver ? 'is operational again' : `is in ${shown.replaceAll('_', ' ').toLowerCase()}`;
  return eventOf({
    action: isOver ? 'resolve' : 'trigger',
    key: dedupKey('statuspage', page.id, 'component', id),
    summary: [`${page.name}: ${name} ${words}`],
    source: [page.name],
    severity: severity ?? 'info',
    kind: 'component',
    component: name,
    group: page.name,
    timestamp: update?.created_at,
    links: [[page.url, page.name]],
    details: { status: shown, previous: update?.old_status ?? null, description: component?.description ?? null },
  });
}
