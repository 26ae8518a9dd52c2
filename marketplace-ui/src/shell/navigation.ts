import type { Session } from '@patchbay/plugin-sdk/contract/rest/identity';
import {
  BadgeCheck,
  Bell,
  Blocks,
  Building2,
  Cable,
  KeyRound,
  Layers,
  Send,
  Settings,
  ShieldCheck,
  Store,
  Upload,
  User,
  Users,
  Webhook,
  ScrollText,
} from 'lucide-react';

/** Where the navigation and the palette lead. `keys` follow `g`; with a `role` only who has it in the registry. */
const allPlaces = [
  { to: '/incidents', label: 'Incidents', icon: Bell, section: 'work', keys: 'i' },
  { to: '/services', label: 'Services', icon: Layers, section: 'work', keys: 's' },
  { to: '/integrations', label: 'Integrations', icon: Cable, section: 'work', keys: 'n' },
  { to: '/deliveries', label: 'Deliveries', icon: Send, section: 'work', keys: 'd' },
  { to: '/webhooks', label: 'Webhooks', icon: Webhook, section: 'work', keys: 'w' },
  { to: '/marketplace', label: 'Marketplace', icon: Store, section: 'plugins', keys: 'm' },
  { to: '/installed', label: 'Installed', icon: Blocks, section: 'plugins', keys: 'p' },
  { to: '/publishing', label: 'Publish', icon: Upload, section: 'registry', keys: 'u', role: 'author' },
  { to: '/review', label: 'Review', icon: BadgeCheck, section: 'registry', keys: 'r', role: 'reviewer' },
  { to: '/settings', label: 'Settings', icon: Settings, section: 'house', keys: ',' },
] as const;

/** The places for somebody with these roles in the registry, on a host or on a registry of its own. */
export function placesFor({ registryRoles, registryOnly }: Pick<Session, 'registryRoles' | 'registryOnly'>) {
  return allPlaces.filter(
    (place) =>
      (!('role' in place) || registryRoles.includes(place.role) || registryRoles.includes('admin')) &&
      (!registryOnly || place.section === 'registry' || place.section === 'house'),
  );
}

/** Found by the palette only: they are tabs of Settings. */
export const innerPlaces = [
  { to: '/settings/account', label: 'Your account', icon: User },
  { to: '/settings/group', label: 'Group', icon: Building2 },
  { to: '/settings/members', label: 'Members', icon: Users },
  { to: '/settings/tokens', label: 'API tokens', icon: KeyRound },
  { to: '/settings/registry', label: 'Registry roles', icon: ShieldCheck },
  { to: '/settings/audit', label: 'Audit log', icon: ScrollText },
] as const;
