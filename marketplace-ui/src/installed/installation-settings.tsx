import type { Installation, PluginDetail } from '@patchbay/plugin-sdk/contract/rest/plugins';
import { Button, Group, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError } from '../api/api-error.ts';
import { useHasRole, useSession } from '../api/session.ts';
import { ErrorState } from '../components/error-state.tsx';
import { InlineError } from '../components/inline-error.tsx';
import { notifyDone } from '../components/notify.tsx';
import { Section } from '../components/section.tsx';
import { TableSkeleton } from '../components/skeletons.tsx';
import { pluginQuery } from '../marketplace/plugin-queries.ts';
import { focusFirst } from '../settings-form/focus-first.ts';
import { missingSecrets, typedSecrets, type SecretDraft } from '../settings-form/secret-draft.ts';
import { SecretFields, secretId } from '../settings-form/secret-fields.tsx';
import { serverIssues } from '../settings-form/server-issues.ts';
import { SettingsForm } from '../settings-form/settings-form.tsx';
import { settingsIssues } from '../settings-form/settings-issues.ts';
import { fieldId, useSettingsDraft } from '../settings-form/use-settings-draft.ts';
import { useChangeInstallation, useConsentPreview } from './installation-queries.ts';
import { NewAddress } from './new-address.tsx';
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
  const preview = useConsentPreview(installation.id);
  const offered = preview.data;
  const mayChange = useHasRole('admin');
  const { group } = useSession();
  const stale = change.error instanceof ApiError && change.error.code === 'CONSENT_STALE';

  function save(consent?: string) {
    const { configuration } = settings;
    change.mutate(
      { configuration, ...(consent === undefined ? {} : { consent }) },
      {
        onSuccess: () => {
          settings.settle();
          preview.reset();
          notifyDone(`Settings of ${installation.name} saved`);
        },
        onError: (error) => {
          if (error instanceof ApiError && error.code === 'CONSENT_STALE') preview.mutate({ configuration });
          else settings.refuse(serverIssues(error, 'configuration'));
        },
      },
    );
  }

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
          save();
        }}
      >
        <Stack gap="md" maw={640}>
          <SettingsForm settings={settings} disabled={!mayChange} />
          {stale && offered !== undefined ? (
            <NewAddress
              before={installation.consent}
              after={offered}
              saving={change.isPending}
              onAgree={() => save(offered.digest)}
            />
          ) : (
            <InlineError error={preview.error ?? (stale ? null : change.error)} />
          )}
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
  const typed = typedSecrets(plugin.secrets, draft);
  const [missing, setMissing] = useState<Record<string, string>>({});
  const names = plugin.secrets.filter(({ name }) => Object.hasOwn(typed, name)).map(({ title }) => title);
  return (
    <Section title="Secrets" hint="Stay on the host, never enter the plugin, are never shown again">
      {mayChange ? (
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            if (names.length === 0) return;
            const empty = missingSecrets(plugin.secrets, draft, installation.secretsSet);
            const ofTyped = Object.entries(empty).filter(([key]) => Object.hasOwn(typed, key.split('.')[0] ?? key));
            setMissing(Object.fromEntries(ofTyped));
            if (ofTyped.length > 0) {
              focusFirst(ofTyped.map(([key]) => secretId(key)));
              return;
            }
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
              issues={{ ...serverIssues(change.error, 'secrets'), ...missing }}
              set={installation.secretsSet}
              onChange={(key, value) => {
                setDraft((before) => ({ ...before, [key]: value }));
                setMissing(({ [key]: _gone, ...rest }) => rest);
              }}
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
