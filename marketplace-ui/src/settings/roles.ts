import { groupRoles, type GroupRole, type TokenScope } from '@patchbay/plugin-sdk/contract/rest/identity';

/** What each role may do, in the words of the screen. */
export const roleWords: Record<GroupRole, { label: string; about: string; long: string }> = {
  owner: { label: 'Owner', about: 'Everything, and names other owners', long: 'Owner: everything in the group' },
  admin: {
    label: 'Admin',
    about: 'Installs plugins, manages integrations, members and tokens',
    long: 'Admin: plugins, integrations, members and tokens',
  },
  member: {
    label: 'Member',
    about: 'Acts on incidents, replays deliveries, sees keys',
    long: 'Member: acts on incidents and deliveries',
  },
  viewer: { label: 'Viewer', about: 'Reads, and changes nothing', long: 'Viewer: reads, and changes nothing' },
};

/** The roles that somebody may give: their own and those below. */
export function rolesUpTo(role: GroupRole): { value: GroupRole; label: string }[] {
  return groupRoles.slice(groupRoles.indexOf(role)).map((value) => ({ value, label: roleWords[value].label }));
}

export const scopeWords: Record<TokenScope, { label: string; about: string }> = {
  read: { label: 'Read', about: 'Incidents, deliveries, integrations, plugins' },
  write: { label: 'Write', about: 'Acts on incidents, changes integrations, webhooks and installations' },
  admin: { label: 'Admin', about: 'Members, tokens and the audit log' },
  publish: { label: 'Publish only', about: 'Uploads plugins of one namespace, and can do nothing else' },
};
