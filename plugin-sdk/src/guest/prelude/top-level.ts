/**
 * A plugin's top level runs when it is compiled, and what it leaves in memory is what every call starts from. So
 * nothing there may depend on the moment: clock, chance and the outside are refused, with the place of the first
 * attempt kept, because the plugin may catch the error.
 */
let building = true;
let violation: Error | undefined;

export function refuseAtTopLevel(what: string): void {
  if (!building) return;
  const error = new Error(
    `${what} cannot be used at the top level of a plugin: that code runs once, when the plugin is compiled. ` +
      'Move it into a function',
  );
  violation ??= error;
  throw error;
}

export function firstViolation(): Error | undefined {
  return violation;
}

export function leaveTopLevel(): void {
  building = false;
}
