const KEY = 'patchbay-group';
const groupId = /^grp_[0-9a-z]{1,40}$/;

/** The group that the viewer chose; null means the host's default, their first. */
export function chosenGroup(): string | null {
  const value = localStorage.getItem(KEY);
  return value !== null && groupId.test(value) ? value : null;
}

/** Reloads the page: every answer on the screen belongs to the former group. */
export function chooseGroup(id: string): void {
  localStorage.setItem(KEY, id);
  window.location.assign('/');
}

export function forgetGroup(): void {
  localStorage.removeItem(KEY);
}
