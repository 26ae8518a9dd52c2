import type { ConfigurationSchema } from '@patchbay/plugin-sdk/contract/configuration';

/** The fields of a later form that the earlier one did not have; all of them when the earlier one is not known. */
export function newFields(before: ConfigurationSchema | undefined, after: ConfigurationSchema): ConfigurationSchema {
  const known = before?.properties ?? {};
  const names = Object.keys(after.properties).filter((name) => !Object.hasOwn(known, name));
  return {
    ...after,
    properties: Object.fromEntries(Object.entries(after.properties).filter(([name]) => names.includes(name))),
    required: after.required.filter((name) => names.includes(name)),
  };
}
