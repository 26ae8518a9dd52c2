import {
  Bell,
  Blocks,
  Cable,
  KeyRound,
  Layers,
  Send,
  Settings,
  Store,
  User,
  Users,
  Webhook,
  ScrollText,
} from 'lucide-react';

/** Where the navigation and the palette lead. `keys` follow `g`. */
export const places = [
  { to: '/incidents', label: 'Incidents', icon: Bell, section: 'work', keys: 'i' },
  { to: '/services', label: 'Services', icon: Layers, section: 'work', keys: 's' },
  { to: '/integrations', label: 'Integrations', icon: Cable, section: 'work', keys: 'n' },
  { to: '/deliveries', label: 'Deliveries', icon: Send, section: 'work', keys: 'd' },
  { to: '/webhooks', label: 'Webhooks', icon: Webhook, section: 'work', keys: 'w' },
  { to: '/marketplace', label: 'Marketplace', icon: Store, section: 'plugins', keys: 'm' },
  { to: '/installed', label: 'Installed', icon: Blocks, section: 'plugins', keys: 'p' },
  { to: '/settings', label: 'Settings', icon: Settings, section: 'house', keys: ',' },
] as const;

/** Found by the palette only: they are tabs of Settings. */
export const innerPlaces = [
  { to: '/settings/account', label: 'Your account', icon: User },
  { to: '/settings/members', label: 'Members', icon: Users },
  { to: '/settings/tokens', label: 'API tokens', icon: KeyRound },
  { to: '/settings/audit', label: 'Audit log', icon: ScrollText },
] as const;
