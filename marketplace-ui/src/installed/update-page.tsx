import type { Installation, PluginDetail } from '@patchbay/plugin-sdk/contract/rest/plugins';
import { Button, Group, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { ApiError } from '../api/api-error.ts';
import { useHasRole } from '../api/session.ts';
import { useNow } from '../components/clock.ts';
import { EmptyState } from '../components/empty-state.tsx';
import { InlineError } from '../components/inline-error.tsx';
import { ButtonLink, TextLink } from '../components/link.tsx';
import { notifyDone } from '../components/notify.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { Section } from '../components/section.tsx';
import { PageSkeleton } from '../components/skeletons.tsx';
import { minuteWords } from '../components/time-words.ts';
import { consentChange } from '../consent/consent-change.ts';
import { ConsentDifference } from '../consent/consent-difference.tsx';
import { useHeadingFocus } from '../consent/heading-focus.ts';
import { count } from '../consent/words.ts';
import { FailedPage } from '../destinations/failed-page.tsx';
import { pluginQuery } from '../marketplace/plugin-queries.ts';
import { Readme } from '../marketplace/readme.tsx';
import { StaleConsent } from '../marketplace/stale-consent.tsx';
import { focusFirst } from '../settings-form/focus-first.ts';
import { missingSecrets, typedSecrets, type SecretDraft } from '../settings-form/secret-draft.ts';
import { SecretFields, secretId } from '../settings-form/secret-fields.tsx';
import { serverIssues } from '../settings-form/server-issues.ts';
import { SettingsForm } from '../settings-form/settings-form.tsx';
import { settingsIssues } from '../settings-form/settings-issues.ts';
import { fieldId, useSettingsDraft } from '../settings-form/use-settings-draft.ts';
import { installationQuery, useUpdateInstallation } from './installation-queries.ts';
import { newFields } from './new-fields.ts';
import classes from './installed-page.module.css';
import { offeredUpdate } from './offered-update.ts';

const route = getRouteApi('/app/installed/$id/update');

/** What changes with another version of an installed plugin, and the act. */
export function UpdatePage() {
  const { id } = route.useParams();
  const { version } = route.useSearch();
  const mayUpdate = useHasRole('admin');
  const now = useNow(15_000);
  const installed = useQuery(installationQuery(id));
  const offered = installed.data && offeredUpdate(installed.data, now);
  const target = version ?? offered?.available ?? offered?.held?.version;
  const plugin = useQuery({
    ...pluginQuery(installed.data?.plugin ?? '', target),
    enabled: installed.data !== undefined && target !== undefined,
  });
  const present = useQuery({
    ...pluginQuery(installed.data?.plugin ?? '', installed.data?.version),
    enabled: installed.data !== undefined,
  });
  const crumbs = [
    <TextLink key="installed" to="/installed">
      Installed
    </TextLink>,
    <TextLink key="one" to="/installed/$id" params={{ id }}>
      {installed.data?.name ?? 'Plugin'}
    </TextLink>,
  ];
  const failed = installed.error ?? plugin.error;
  if (failed !== null)
    return <FailedPage title="Update a plugin" error={failed} onRetry={() => void plugin.refetch()} crumbs={crumbs} />;
  if (installed.data === undefined) return <PageSkeleton />;
  const back = (
    <ButtonLink variant="default" to="/installed/$id" params={{ id }}>
      Back to {installed.data.name}
    </ButtonLink>
  );
  if (target === undefined || target === installed.data.version)
    return (
      <>
        <PageHeader title={`Update ${installed.data.name}`} crumbs={crumbs} />
        <EmptyState kind="nothing" title="There is nothing to update" action={back}>
          Version {installed.data.version} is what runs here, and the newest that is offered.
        </EmptyState>
      </>
    );
  if (!mayUpdate)
    return (
      <>
        <PageHeader title={`Update ${installed.data.name}`} crumbs={crumbs} />
        <EmptyState kind="no-right" title="Only admins update plugins" action={back}>
          Ask an owner or admin of this group.
        </EmptyState>
      </>
    );
  const held = offered?.held ?? null;
  if (held?.version === target)
    return (
      <>
        <PageHeader title={`Update ${installed.data.name}`} crumbs={crumbs} />
        <EmptyState kind="nothing" title={`Version ${target} is held`} action={back}>
          It was approved only recently, and can be installed from {minuteWords(held.untilMs, now)}.
        </EmptyState>
      </>
    );
  if (plugin.data === undefined || present.isPending) return <PageSkeleton />;
  return (
    <UpdateForm
      key={plugin.data.version}
      installation={installed.data}
      plugin={plugin.data}
      present={present.data}
      crumbs={crumbs}
      onReload={() => void plugin.refetch()}
    />
  );
}

interface UpdateFormProps {
  installation: Installation;
  plugin: PluginDetail;
  /** The version that runs, while the registry still has it. */
  present: PluginDetail | undefined;
  crumbs: ReactNode[];
  onReload: () => void;
}

function UpdateForm({ installation, plugin, present, crumbs, onReload }: UpdateFormProps) {
  const { id } = installation;
  const perIntegration = plugin.provides.includes('ingest') && !plugin.provides.includes('deliver');
  // Of a plugin that only receives requests, only what its integrations cannot have yet is asked, once for all of them.
  const form = perIntegration ? newFields(present?.configuration, plugin.configuration) : plugin.configuration;
  const settings = useSettingsDraft(form, installation.configuration);
  const [secrets, setSecrets] = useState<SecretDraft>({});
  const [secretIssues, setSecretIssues] = useState<Record<string, string>>({});
  const update = useUpdateInstallation(id);
  const navigate = useNavigate();
  useHeadingFocus();

  // Both in the words that the host uses with no settings filled in, so that only what is asked for can differ.
  const change = consentChange(present?.consent ?? installation.consent, plugin.consent);
  const same = plugin.consent.digest === (present?.consent ?? installation.consent).digest;
  const stale = update.error instanceof ApiError && update.error.code === 'CONSENT_STALE';
  const unset = plugin.secrets.filter(({ name }) => !installation.secretsSet.includes(name));
  const asksSettings = Object.keys(form.properties).length > 0;

  function agree() {
    const missing = missingSecrets(plugin.secrets, secrets, installation.secretsSet);
    setSecretIssues(missing);
    const wrong = settingsIssues(settings.schema, settings.draft);
    if (!settings.check() || Object.keys(missing).length > 0) {
      focusFirst([...Object.keys(wrong).map(fieldId), ...Object.keys(missing).map(secretId)]);
      return;
    }
    update.mutate(
      {
        version: plugin.version,
        consent: plugin.consent.digest,
        secrets: typedSecrets(plugin.secrets, secrets),
        ...(asksSettings ? { configuration: settings.configuration } : {}),
      },
      {
        onSuccess: () => {
          notifyDone(`${installation.name} is now at ${plugin.version}`);
          void navigate({ to: '/installed/$id', params: { id }, replace: true });
        },
        onError: (error) => {
          const ofSettings = serverIssues(error, 'configuration');
          const ofSecrets = serverIssues(error, 'secrets');
          settings.refuse(ofSettings);
          setSecretIssues(ofSecrets);
          focusFirst([...Object.keys(ofSettings).map(fieldId), ...Object.keys(ofSecrets).map(secretId)]);
        },
      },
    );
  }

  return (
    <div className={classes.narrow}>
      <PageHeader
        title={`Update ${installation.name} to ${plugin.version}`}
        crumbs={crumbs}
        about={
          <>
            From <span className="mono">{installation.version}</span> to <span className="mono">{plugin.version}</span>,
            in {installation.environment}. Calls that are under way end with the version they began with.
          </>
        }
      />
      <form onSubmit={(event) => event.preventDefault()} noValidate>
        <Stack gap="lg">
          <Section title="What changes in what it may do" hint="Enforced by the host on every request">
            <ConsentDifference change={change} same={same} />
          </Section>
          {plugin.changelog !== null && (
            <Section title="What its author says changed">
              <Readme text={plugin.changelog} />
            </Section>
          )}
          {asksSettings && (
            <Section
              title={perIntegration ? 'New settings' : 'Settings'}
              hint={perIntegration ? 'For every integration that has none yet' : 'As they are now; new ones are empty'}
            >
              <SettingsForm settings={settings} />
            </Section>
          )}
          {unset.length > 0 && (
            <Section title="New secrets" hint="Stay on the host, never enter the plugin">
              <SecretFields
                secrets={unset}
                form={plugin.configuration}
                settings={perIntegration ? installation.configuration : settings.configuration}
                draft={secrets}
                issues={secretIssues}
                onChange={(name, value) => {
                  setSecrets((before) => ({ ...before, [name]: value }));
                  setSecretIssues(({ [name]: _gone, ...rest }) => rest);
                }}
              />
            </Section>
          )}
          {stale ? (
            <StaleConsent
              onReload={() => {
                update.reset();
                onReload();
              }}
            />
          ) : (
            <InlineError error={update.error} />
          )}
          <Group justify="flex-end" gap="sm">
            <ButtonLink variant="default" to="/installed/$id" params={{ id }}>
              Stay at {installation.version}
            </ButtonLink>
            <Button type="button" loading={update.isPending} disabled={stale} onClick={agree}>
              {updateLabel(plugin.version, change.added.length)}
            </Button>
          </Group>
        </Stack>
      </form>
    </div>
  );
}

function updateLabel(version: string, added: number): string {
  return added === 0 ? `Update to ${version}` : `Update to ${version} and allow ${count(added, 'new permission')}`;
}
