import { actEvent, actOf, defineIntegration, ignored, typedAct, type IncidentAct } from '@patchbay/plugin-sdk';

interface Pressed {
  person: string;
  button?: string;
  value?: string;
  text?: string;
}

export default defineIntegration({
  ingest(request) {
    const { person, button, value, text } = request.formJson('payload') as Pressed;
    const act: IncidentAct | undefined = text === undefined ? actOf(button, value) : typedAct(text);
    return act === undefined ? ignored('Nobody acts on an incident') : actEvent(act, person);
  },
});
