import type { Installation, PluginDetail } from '@patchbay/plugin-sdk/contract/rest/plugins';
import { Button, Group, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useHasRole, useSession } from '../api/session.ts';
import { ErrorState } from '../components/error-state.tsx';
import { InlineError } from '../components/inline-error.tsx';
import { notifyDone } from '../components/notify.tsx';
import { Section } from '../components/section.tsx';
import { TableSkeleton } from '../components/skeletons.tsx';
import { pluginQuery } from '../marketplace/plugin-queries.ts';
import { focusFirst } from '../settings-form/focus-first.ts';
import type { SecretDraft } from '../settings-form/secret-fields.tsx';
import { SecretFields, typedSecrets } from '../settings-form/secret-fields.tsx';
import { serverIssues } from '../settings-form/server-issues.ts';
import { SettingsForm } from '../settings-form/settings-form.tsx';
import { settingsIssues } from '../settings-form/settings-issues.ts';
import { fieldId, useSettingsDraft } from '../settings-form/use-settings-draft.ts';
import { useChangeInstallation } from './installation-queries.ts';
import classes from './installed-page.module.css';

/** The settings and secrets of a connector, in the form that its manifest describes. */
export function InstallationSettings({ installation }: { installation: Installation }) {
  const query = useQuery(pluginQuery(installation.plugin, installation.version));
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (query.isPending) return <TableSkeleton rows={4} />;
  return (
    <div className={classes.stack}>
      <Settings installation={installation} plugin={query.data} />
      {query.data.secrets.length > 0 && <Secrets installation={installation} plugin={query.data} />}
    </div>
  );
}

interface PartProps {
  installation: Installation;
  plugin: PluginDetail;
}

function Settings({ installation, plugin }: PartProps) {
  const settings = useSettingsDraft(plugin.configuration, installation.configuration);
  const change = useChangeInstallation(installation.id);
  const mayChange = useHasRole('admin');
  const { group } = useSession();
  if (Object.keys(plugin.configuration.properties).length === 0)
    return <Section title="Settings">This plugin has no settings.</Section>;
  return (
    <Section
      title="Settings"
      hint={mayChange ? 'Used from the next delivery on' : `Only admins of ${group.name} change them`}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!settings.check()) {
            focusFirst(Object.keys(settingsIssues(settings.schema, settings.draft)).map(fieldId));
            return;
          }
          change.mutate(
            { configuration: settings.configuration },
            {
              onSuccess: () => {
                settings.settle();
                notifyDone(`Settings of ${installation.name} saved`);
              },
              onError: (error) => settings.refuse(serverIssues(error, 'configuration')),
            },
          );
        }}
      >
        <Stack gap="md" maw={640}>
          <SettingsForm settings={settings} disabled={!mayChange} />
          <InlineError error={change.error} />
          {mayChange && (
            <Group>
              <Button type="submit" loading={change.isPending} disabled={!settings.changed}>
                Save the settings
              </Button>
            </Group>
          )}
        </Stack>
      </form>
    </Section>
  );
}

function Secrets({ installation, plugin }: PartProps) {
  const [draft, setDraft] = useState<SecretDraft>({});
  const change = useChangeInstallation(installation.id);
  const mayChange = useHasRole('admin');
  const typed = typedSecrets(draft);
  const names = plugin.secrets.filter(({ name }) => Object.hasOwn(typed, name)).map(({ title }) => title);
  return (
    <Section title="Secrets" hint="Stay on the host, never enter the plugin, are never shown again">
      {mayChange ? (
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            if (names.length === 0) return;
            change.mutate(
              { secrets: typed },
              {
                onSuccess: () => {
                  setDraft({});
                  notifyDone(`${names.join(', ')} replaced`);
                },
              },
            );
          }}
        >
          <Stack gap="md" maw={640}>
            <SecretFields
              secrets={plugin.secrets}
              form={plugin.configuration}
              settings={installation.configuration}
              draft={draft}
              issues={serverIssues(change.error, 'secrets')}
              set={installation.secretsSet}
              onChange={(name, value) => setDraft((before) => ({ ...before, [name]: value }))}
            />
            <InlineError error={change.error} />
            <Group>
              <Button type="submit" variant="default" loading={change.isPending} disabled={names.length === 0}>
                {names.length === 0 ? 'Replace secrets' : `Replace ${names.join(' and ')}`}
              </Button>
            </Group>
          </Stack>
        </form>
      ) : (
        <ul className={classes.list}>
          {plugin.secrets.map(({ name, title }) => (
            <li key={name}>
              {title}: {installation.secretsSet.includes(name) ? 'set' : 'not set'}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
