import { dedupKey, detailsOf, eventOf, firstText } from '@patchbay/plugin-sdk';
import type { EventAction, EventPayload, LooseFields } from '@patchbay/plugin-sdk';
import { fieldsOf, firstOf } from './message.ts';
import type { Settings } from './settings.ts';

const STATES: Record<string, EventAction> = {
  created: 'trigger',
  activated: 'trigger',
  active: 'trigger',
  open: 'trigger',
  opened: 'trigger',
  incident_open: 'trigger',
  deactivated: 'resolve',
  closed: 'resolve',
  resolved: 'resolve',
  incident_closed: 'resolve',
  incident_resolved: 'resolve',
  incident_close: 'resolve',
  acknowledged: 'acknowledge',
  incident_acknowledged: 'acknowledge',
};

/** An issue of a workflow, or an incident of the notification channels before them. Undefined for what is neither. */
export function issueEvent(message: unknown, settings: Settings): EventPayload | { ignored: string } | undefined {
  const fields = fieldsOf(message);
  const state = fields.text('current_state', 'state', 'issue_state', 'status', 'event_type', 'event_state', 'event');
  const key = keyOf(fields);
  if (state === undefined || key === undefined) return undefined;
  if (state.toLowerCase() === 'test') return { ignored: "New Relic's test notification arrived" };
  const action = actionOf(state, fields);
  if (action === undefined) return { ignored: `The state "${state.slice(0, 60)}" changes no incident` };

  const condition = firstText(firstOf(fields.value('alertConditionNames', 'condition_name', 'conditionName')));
  const policy = firstText(firstOf(fields.value('alertPolicyNames', 'policy_name', 'policyName')));
  const target = fields.value('impactedEntities', 'impacted_entities', 'entities', 'targets', 'entity_name');
  const entity = firstText(isEncoded(target) ? undefined : firstOf(target));
  // Lists of titles come from templates that write `annotations.title` whole.
  const title =
    firstText(firstOf(fields.value('title'))) ??
    fields.text('title', 'issue_title', 'details', 'message', 'summary', 'description', 'name');
  const page = fields.text('issueUrl', 'issue_page_url', 'issue_link', 'incident_url', 'url', 'alert_url');
  return eventOf({
    action,
    key,
    summary: [placed(title ?? condition, entity), policy],
    source: [entity, fields.text('account_name', 'accountName'), condition, 'New Relic'],
    severity: settings.severity(fields.text('priority', 'severity', 'issue_priority')),
    kind: fields.text('condition_family_id') === undefined ? 'issue' : 'incident',
    component: firstText(entity, condition),
    group: policy,
    timestamp: fields.value('updatedAt', 'timestamp', 'createdAt', 'activatedAt'),
    links: [
      [page, 'New Relic'],
      [fields.text('violation_callback_url', 'violation_url', 'deep_link_url'), 'Violation'],
      [firstOf(fields.value('runbook_url', 'runbookUrl', 'runbook')), 'Runbook'],
    ],
    details: detailsOf(message),
  });
}

/** A condition's own words leave out where it is. */
function placed(what: string | undefined, place: string | undefined): string | undefined {
  return what === undefined || place === undefined || what.includes(place) ? what : `${what} (${place})`;
}

/** Only what a user does to an open issue is an acknowledgement; its state stays "activated". */
function actionOf(state: string, fields: LooseFields): EventAction | undefined {
  const word = state.toLowerCase();
  const action = Object.hasOwn(STATES, word) ? STATES[word] : undefined;
  const trigger = fields.text('trigger', 'triggerEvent', 'trigger_event')?.toLowerCase();
  if (action !== 'trigger') return action;
  if (trigger === 'user_action' || trigger === 'acknowledged') return 'acknowledge';
  // A template may leave the trigger out. An issue has an owner once somebody has taken it.
  const owner = fields.text('owner')?.toLowerCase() ?? 'n/a';
  return trigger === undefined && word === 'activated' && owner !== 'n/a' ? 'acknowledge' : 'trigger';
}

/** Ids of issues are unique everywhere; those of incidents are numbers, which the account belongs to. */
function keyOf(fields: LooseFields): string | undefined {
  const page = fields.text('issueUrl', 'issue_page_url', 'issue_link') ?? '';
  const issue =
    fields.text('issue_id', 'id', 'dedup_key', 'alias', 'unique_id', 'violation_id') ??
    /\/issues\/([\w-]{8,64})/.exec(page)?.[1];
  const incident = fields.text('incident_id');
  if (incident === undefined && issue !== undefined) return dedupKey('newrelic', issue);
  const account = fields.text('account_id', 'accountId', 'nr_account_id', 'account_name') ?? 'account';
  if (incident !== undefined) return dedupKey('newrelic', account, incident);
  // A channel may be told of a violation that belongs to no incident: its condition and target are the same to its end.
  const condition = fields.text('condition_id', 'condition_name');
  const target = firstText(firstOf(fields.value('targets', 'entity_name'))) ?? '';
  if (condition !== undefined) return dedupKey('newrelic', account, 'condition', condition, target);
  const title = fields.text('title', 'issue_title');
  return title === undefined ? undefined : dedupKey('newrelic', account, 'title', title);
}

/** Targets arrive as a list, as its JSON, or as the name alone. */
function isEncoded(value: unknown): boolean {
  return typeof value === 'string' && /^\s*\[/.test(value);
}
