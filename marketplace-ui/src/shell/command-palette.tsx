import { Kbd, useMantineColorScheme } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Spotlight, spotlight, type SpotlightActionData, type SpotlightActionGroupData } from '@mantine/spotlight';
import { incidentSchema } from '@patchbay/plugin-sdk/contract/rest/incidents';
import { pageSchema } from '@patchbay/plugin-sdk/contract/rest/page';
import { pluginCardSchema } from '@patchbay/plugin-sdk/contract/rest/plugins';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Bell, Keyboard, LogOut, Moon, Search, Store, Sun } from 'lucide-react';
import { useState } from 'react';
import { api } from '../api/client.ts';
import { useSession } from '../api/session.ts';
import { useSignOut } from '../api/sign-out.ts';
import { openKeyboardHelp } from './keyboard-help.tsx';
import { innerPlaces, placesFor } from './navigation.ts';
import classes from './app-frame.module.css';

const incidentPage = pageSchema(incidentSchema);
const pluginPage = pageSchema(pluginCardSchema);

/** Ctrl K or ⌘ K: places, commands, incidents and plugins, in one field. */
export function CommandPalette() {
  const navigate = useNavigate();
  const { setColorScheme } = useMantineColorScheme();
  const session = useSession();
  const signOut = useSignOut();
  const [query, setQuery] = useState('');
  const [settled] = useDebouncedValue(query.trim(), 200);
  const found = useFound(settled);

  const groups: SpotlightActionGroupData[] = [
    {
      group: 'Go to',
      actions: [...placesFor(session), ...innerPlaces].map((place) => ({
        id: place.to,
        label: place.label,
        leftSection: <place.icon size={16} aria-hidden="true" />,
        onClick: () => void navigate({ to: place.to }),
      })),
    },
    {
      group: 'Do',
      actions: [
        command('light', 'Use the light theme', Sun, () => setColorScheme('light')),
        command('dark', 'Use the dark theme', Moon, () => setColorScheme('dark')),
        command('keys', 'Show keyboard shortcuts', Keyboard, openKeyboardHelp),
        command('out', 'Sign out', LogOut, () => signOut.mutate()),
      ],
    },
    ...found.map(({ group, rows }) => ({
      group,
      // The host has searched already: the words make the palette's own filter keep the row.
      actions: rows.map((row) => ({ ...row, keywords: [settled, query] })),
    })),
  ];

  return (
    <Spotlight
      actions={groups}
      query={query}
      onQueryChange={setQuery}
      nothingFound="Nothing found"
      highlightQuery
      limit={24}
      scrollable
      maxHeight={420}
      shortcut={['mod + K']}
      overlayProps={{ blur: 0, backgroundOpacity: 0.4 }}
      attributes={{ content: { 'aria-label': 'Find anything' } }}
      transitionProps={{ duration: 100 }}
      searchProps={{
        leftSection: <Search size={18} aria-hidden="true" />,
        placeholder: 'Find a page, an incident, a plugin or a command',
        'aria-label': 'Find anything',
      }}
    />
  );

  function useFound(text: string): { group: string; rows: SpotlightActionData[] }[] {
    const enabled = text.length >= 2;
    const incidents = useQuery({
      queryKey: ['incidents', 'palette', text],
      queryFn: ({ signal }) => api.get('/incidents', incidentPage, { query: { q: text, limit: 6 }, signal }),
      enabled,
    });
    const plugins = useQuery({
      queryKey: ['plugins', 'palette', text],
      queryFn: ({ signal }) => api.get('/plugins', pluginPage, { query: { q: text, limit: 4 }, signal }),
      enabled,
    });
    return [
      {
        group: 'Incidents',
        rows: (enabled ? (incidents.data?.items ?? []) : []).map((incident) => ({
          id: incident.id,
          label: `#${incident.number} ${incident.summary}`,
          description: `${incident.status} · ${incident.severity} · ${incident.serviceName}`,
          leftSection: <Bell size={16} aria-hidden="true" />,
          onClick: () => void navigate({ to: '/incidents/$id', params: { id: incident.id } }),
        })),
      },
      {
        group: 'Plugins',
        rows: (enabled ? (plugins.data?.items ?? []) : []).map((plugin) => ({
          id: plugin.id,
          label: plugin.name,
          description: plugin.summary,
          leftSection: <Store size={16} aria-hidden="true" />,
          onClick: () => void navigate({ href: `/marketplace/${plugin.id}` }),
        })),
      },
    ];
  }
}

function command(id: string, label: string, Icon: typeof Sun, onClick: () => void): SpotlightActionData {
  return { id, label, leftSection: <Icon size={16} aria-hidden="true" />, onClick };
}

export function PaletteButton() {
  return (
    <button
      type="button"
      className={classes.palette}
      onClick={spotlight.open}
      aria-label="Find anything"
      aria-keyshortcuts="Control+K Meta+K"
    >
      <Search size={15} aria-hidden="true" />
      <span>Find anything</span>
      <Kbd size="xs">Ctrl K</Kbd>
    </button>
  );
}
