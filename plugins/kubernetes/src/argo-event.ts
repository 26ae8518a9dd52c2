import { dedupKey, detailsOf, eventOf, firstText, looseFields, redactText } from '@patchbay/plugin-sdk';
import type { LooseFields, Reading } from '@patchbay/plugin-sdk';
import type { Settings } from './settings.ts';

type Fields = Record<string, unknown>;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What Argo CD says of an application, in lower case. */
interface State {
  health: string | undefined;
  sync: string | undefined;
  phase: string | undefined;
}

const HEALTH = /^(healthy|progressing|degraded|suspended|missing|unknown)$/i;
/** A health that a finished sync may still have. */
const WAITING = /^(progressing|suspended)$/;
const PHASE = /^(running|succeeded|failed|error|terminating)$/i;

/**
 * The event of a notification of Argo CD (https://argo-cd.readthedocs.io/en/stable/operator-manual/notifications/): its
 * operator writes the body, with the whole application in it or with single fields. An application has one problem at a
 * time, which ends when it is healthy or synchronised again. Undefined for every other message.
 */
export function argoEvent(message: Fields, settings: Settings): Reading | undefined {
  const whole = [message.application, message.app, message].find(
    (part): part is Fields => isObject(part) && isObject(part.metadata) && isObject(part.status) && isArgo(part.status),
  );
  const fields = looseFields(message, 3);
  const inner = looseFields(whole, 4);
  const name = whole === undefined ? appName(fields) : inner.text('metadata.name');
  if (name === undefined) return undefined;
  const state = whole === undefined ? flatState(fields) : wholeState(inner);
  if (state.health === undefined && state.sync === undefined && state.phase === undefined) return undefined;

  const shown = Object.entries(state).flatMap(([what, word]) => (word === undefined ? [] : [`${what} ${word}`]));
  const failed = state.phase === 'failed' || state.phase === 'error';
  const broken = failed || state.health === 'degraded' || state.health === 'missing';
  const unsure = state.health === 'unknown' || state.sync === 'unknown';
  const done = state.phase === undefined || state.phase === 'succeeded';
  const good =
    done &&
    (state.health === 'healthy' ||
      (state.phase === 'succeeded' && (state.health === undefined || WAITING.test(state.health))) ||
      (state.sync === 'synced' && state.health === undefined));
  if (!broken && !unsure && !good)
    return { ignored: `The application "${name.slice(0, 100)}" is at ${shown.join(', ')}, which is no alert` };
  const text = inner.text('status.operationState.message') ?? fields.text('message', 'description', 'text');
  const cluster = firstText(fields.text('cluster', 'clusterName'), settings.cluster);
  const problem = state.health === 'healthy' || state.health === undefined ? 'of unknown sync' : state.health;
  const words = failed ? 'could not be synchronised' : broken || unsure ? `is ${problem}` : 'is well again';
  const namespace = inner.text('metadata.namespace') ?? fields.text('namespace');
  const url = fields.text('argocdUrl', 'titleLink', 'url', 'link');
  return eventOf({
    action: broken || unsure ? 'trigger' : 'resolve',
    key: dedupKey('kubernetes', cluster ?? 'cluster', 'argo-cd', `${namespace ?? ''}/${name}`),
    summary: [`Application ${name} ${words}${broken && text !== undefined ? `: ${redactText(text)}` : ''}`],
    source: [cluster, name],
    severity: settings.severity(failed ? 'SyncFailed' : state.health, broken ? 'error' : 'warning'),
    kind: 'argo-cd',
    component: name,
    group: namespace ?? cluster,
    links: [[url, 'Argo CD']],
    details: detailsOf({ application: name, ...state, message: text ?? null }),
  });
}

const isArgo = (status: Fields): boolean => isObject(status.sync) || isObject(status.health);

const appName = (fields: LooseFields): string | undefined =>
  fields.text('app', 'appName', 'applicationName', 'application', 'app.name', 'application.name');

function wholeState(fields: LooseFields): State {
  return {
    health: plain(fields.text('status.health.status')),
    sync: plain(fields.text('status.sync.status')),
    phase: plain(fields.text('status.operationState.phase')),
  };
}

/** Single fields; one that is only called "status" or "state" counts when its word is one of Argo CD's. */
function flatState(fields: LooseFields): State {
  const sync = fields.text('syncStatus', 'sync.status', 'app.sync', 'sync');
  const health = fields.text('healthStatus', 'health.status', 'app.health', 'health');
  const phase = fields.text('operationPhase', 'operationState.phase', 'syncPhase', 'phase', 'operationState');
  // Without one of these a name and a word say too little to tell whose message this is.
  if (sync === undefined && health === undefined) return { health: undefined, sync: undefined, phase: undefined };
  const bare = fields.text('status', 'state');
  return {
    health: plain(health) ?? known(HEALTH, bare),
    sync: plain(sync),
    phase: plain(phase) ?? known(PHASE, bare),
  };
}

const plain = (word: string | undefined): string | undefined => word?.trim().toLowerCase();
const known = (words: RegExp, word: string | undefined): string | undefined =>
  word !== undefined && words.test(word.trim()) ? plain(word) : undefined;
