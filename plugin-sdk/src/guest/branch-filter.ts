/** True for a branch that the setting wants: every one without a setting; a name that ends in `*` is a beginning. */
export function branchFilter(setting: unknown): (branch: string) => boolean {
  const wanted = Array.isArray(setting) ? setting.filter((entry) => typeof entry === 'string' && entry !== '') : [];
  if (wanted.length === 0) return () => true;
  return (branch) =>
    wanted.some((name: string) => (name.endsWith('*') ? branch.startsWith(name.slice(0, -1)) : branch === name));
}

/** The reading of a message about a branch that the settings do not want. */
export function unwantedBranch(branch: string): { ignored: string } {
  return { ignored: `Branch "${branch.slice(0, 100)}" is not among the branches of the settings` };
}
