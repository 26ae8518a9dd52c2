import { accepted, actEvent, actOf, firstText, ignored, textOf, typedAct } from '@patchbay/plugin-sdk';
import type { Answer, Ingested } from '@patchbay/plugin-sdk';
import type { Interaction } from './slack.schema.ts';

/** Slack shows an error to whoever pressed a button unless it gets 200. */
const DONE: Answer = { status: 200, contentType: 'text/plain', body: '' };

/** Buttons and menus, of blocks and of attachments. */
export function interactionResult(interaction: Interaction): Ingested {
  const person = personOf(interaction.user);
  const acts = (interaction.actions ?? []).flatMap((action) => {
    const value = firstText(action.value, action.selected_option?.value, action.selected_options?.[0]?.value);
    // A menu's choice says what to do, and the block or the attachment whom it concerns.
    const act =
      actOf(firstText(action.action_id, action.name), value) ??
      actOf(value, firstText(action.block_id, interaction.callback_id));
    return act ?? [];
  });
  if (acts.length === 0)
    return ignored(`This "${interaction.type.slice(0, 60)}" of Slack is no button of an incident`, DONE);
  return accepted(
    acts.map((act) => actEvent(act, person)),
    DONE,
  );
}

/** A slash command: `/patchbay resolve KEY`. Only who typed it sees the answer. */
export function commandResult(fields: Record<string, string>): Ingested {
  const act = typedAct(fields.text ?? '');
  const command = (fields.command ?? '/patchbay').slice(0, 60);
  if (act === undefined)
    return ignored(`"${command}" without what to do`, answer(`Type ${command} ack KEY or ${command} resolve KEY`));
  const said = act.verb === 'resolve' ? 'Resolved' : 'Acknowledged';
  return accepted(
    [actEvent(act, personOf({ id: fields.user_id, name: fields.user_name }))],
    answer(`${said}: ${act.key.slice(0, 300)}`),
  );
}

function answer(text: string): Answer {
  return { status: 200, body: JSON.stringify({ response_type: 'ephemeral', text }) };
}

function personOf(user: { [field: string]: unknown } | null | undefined): string {
  return `${(firstText(user?.name, user?.username) ?? textOf(user?.id) ?? 'Somebody').slice(0, 200)} (Slack)`;
}
