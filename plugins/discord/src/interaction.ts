import { accepted, actEvent, actOf, firstText, ignored, textOf, typedAct } from '@patchbay/plugin-sdk';
import type { Answer, IncidentAct, Ingested } from '@patchbay/plugin-sdk';
import type { Interaction } from './discord.schema.ts';

/** Kinds of interactions. */
const PING = 1;
const COMMAND = 2;
const COMPONENT = 3;
/** Kinds of answers; a message for whoever acted alone carries a flag. */
const PONG = 1;
const MESSAGE = 4;
const ONLY_FOR_YOU = 64;

export function interactionResult(interaction: Interaction): Ingested {
  switch (interaction.type) {
    case PING:
      return ignored('Discord checked the address', { status: 200, body: JSON.stringify({ type: PONG }) });
    case COMMAND:
      return done(commandAct(interaction), interaction);
    case COMPONENT:
      return done(componentAct(interaction), interaction);
    default:
      return ignored(`Interactions of the type ${interaction.type} act on no incident`, say('This does nothing here.'));
  }
}

function done(act: IncidentAct | undefined, interaction: Interaction): Ingested {
  if (act === undefined)
    return ignored(
      'This interaction of Discord is no act on an incident',
      say('Name an incident: ack KEY, resolve KEY.'),
    );
  const said = act.verb === 'resolve' ? 'Resolved' : 'Acknowledged';
  return accepted([actEvent(act, personOf(interaction))], say(`${said}: ${act.key.slice(0, 300)}`));
}

/** The verb and the key stand in one text, since a component carries nothing else: `patchbay:resolve:KEY`. */
function componentAct({ data }: Interaction): IncidentAct | undefined {
  const id = textOf(data?.custom_id) ?? '';
  const [, verb, key] = /^(?:patchbay[:_ -])?(ack|acknowledge|resolve)[: ](.+)$/is.exec(id) ?? [];
  if (verb !== undefined) return actOf(verb, key);
  // A menu names the incident, and its choice says what to do; or the other way round.
  const choice = textOf(data?.values?.[0]);
  return actOf(choice, id) ?? actOf(id, choice);
}

/** `/resolve key:KEY`, `/patchbay resolve key:KEY`, or `/patchbay text:"resolve KEY"`. */
function commandAct({ data }: Interaction): IncidentAct | undefined {
  const names = [textOf(data?.name) ?? ''];
  let options: unknown = data?.options;
  for (let depth = 0; depth < 3; depth += 1) {
    const first: unknown = Array.isArray(options) ? options[0] : undefined;
    if (typeof first !== 'object' || first === null) return undefined;
    const { name, value, options: inner } = first as Record<string, unknown>;
    const text = textOf(value);
    if (text !== undefined) return typedAct(text) ?? actOf(names.join(' '), text);
    names.push(textOf(name) ?? '');
    options = inner;
  }
  return undefined;
}

function say(content: string): Answer {
  // No mention in a key may call anybody.
  const data = { content, flags: ONLY_FOR_YOU, allowed_mentions: { parse: [] } };
  return { status: 200, body: JSON.stringify({ type: MESSAGE, data }) };
}

function personOf({ user, member }: Interaction): string {
  const name = firstText(
    member?.nick,
    member?.user?.global_name,
    member?.user?.username,
    user?.global_name,
    user?.username,
  );
  return `${(name ?? firstText(member?.user?.id, user?.id) ?? 'Somebody').slice(0, 200)} (Discord)`;
}
