import { jsonFrom } from '@patchbay/plugin-sdk';

type Fields = Record<string, unknown>;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** One alert, and the state that its list says it has. */
export interface FoundAlert {
  alert: Fields;
  state: string | undefined;
}

/** The lists of a summary of alerts, and what being in them means. */
const LISTS: [name: string, state: string][] = [
  ['new', 'active'],
  ['ongoing', 'active'],
  ['recovered', 'recovered'],
];

/**
 * The alerts of a message: the lists of a summary (`alerts.new.data`), a detection rule's `context.alerts`, a list
 * `alerts`, or the message itself. What the message says beside its lists, its rule for instance, belongs to each.
 */
export function alertsIn(message: Fields): FoundAlert[] {
  const expanded = expand(message);
  const { alerts, ...common } = expanded;
  const lists = isObject(alerts) ? alerts : expanded;
  const found = LISTS.flatMap(([name, state]) =>
    entriesOf(lists[name]).map((alert) => ({ alert: { ...common, ...without(alert, name) }, state })),
  );
  if (found.length > 0) return found.map(({ alert, state }) => ({ alert: withoutLists(alert), state }));
  const context = isObject(expanded.context) ? expanded.context : {};
  const listed = [entriesOf(alerts), isObject(alerts) ? entriesOf(alerts.all) : [], entriesOf(context.alerts)].find(
    (entries) => entries.length > 0,
  );
  if (listed !== undefined)
    return listed.map((alert) => ({ alert: { ...common, context: undefined, ...alert }, state: undefined }));
  const isEmptySummary = isObject(alerts) || LISTS.every(([name]) => Object.hasOwn(expanded, name));
  return isEmptySummary ? [] : [{ alert: expanded, state: undefined }];
}

const without = (alert: Fields, name: string): Fields => ({ ...alert, [name]: undefined });

function withoutLists(alert: Fields): Fields {
  return Object.fromEntries(Object.entries(alert).filter(([name]) => !LISTS.some(([list]) => list === name)));
}

/** The objects of a list, or of the `data` of an object that counts them. */
function entriesOf(value: unknown): Fields[] {
  const list = isObject(value) ? value.data : value;
  const decoded: unknown = typeof list === 'string' ? jsonFrom(list) : list;
  return Array.isArray(decoded) ? decoded.filter(isObject) : [];
}

/** Templates write objects as text in quotes (`"alert_info": "{\"id\": ...}"`); the name then ends as it likes. */
function expand(message: Fields): Fields {
  const wrapped = [message.ctx, message.webhook_body].find(isObject);
  const inner = wrapped ?? message;
  return Object.fromEntries(
    Object.entries(inner).map(([name, value]) => {
      if (typeof value !== 'string' || !/^\s*[{[]/.test(value)) return [name, value];
      const decoded = jsonFrom(value);
      return decoded === undefined ? [name, value] : [name.replace(/_info$/, ''), decoded];
    }),
  );
}
