/** What plugins and the SDK use in nearly every run; the rest of the language is made at its first use, as usual. */
const used: object[] = [
  ...[Object, Array, String, Number, Function, Symbol, Promise, Map, Set, RegExp, Error, Date, Uint8Array],
  ...[JSON, Math, Reflect],
];

/**
 * Makes the functions of the language while the plugin is built. The engine makes each at its first use, and a run,
 * which starts from the plugin's image, would make the same dozens again every time: a quarter of an alert's run.
 */
export function readyBuiltins(): void {
  for (const owner of used) {
    ready(owner);
    if (typeof owner === 'function') ready((owner as { prototype?: object }).prototype);
  }
}

function ready(owner: object | undefined): void {
  if (owner === undefined) return;
  for (const key of Reflect.ownKeys(owner)) Reflect.getOwnPropertyDescriptor(owner, key);
}
