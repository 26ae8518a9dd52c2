import type { Environment } from '@patchbay/plugin-sdk/contract/manifest';
import type { Consent, PluginDetail } from '@patchbay/plugin-sdk/contract/rest/plugins';
import { Button, Group, NativeSelect, Stack } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { ApiError } from '../api/api-error.ts';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { InlineError } from '../components/inline-error.tsx';
import { TextLink } from '../components/link.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { Section } from '../components/section.tsx';
import { ConsentList, sentence } from '../consent/consent-list.tsx';
import { useHeadingFocus } from '../consent/heading-focus.ts';
import { installLabel, permissionLines } from '../consent/permission-lines.ts';
import { useInstall } from '../installed/installation-queries.ts';
import { focusFirst } from '../settings-form/focus-first.ts';
import { missingSecrets, typedSecrets, type SecretDraft } from '../settings-form/secret-draft.ts';
import { SecretFields, secretId } from '../settings-form/secret-fields.tsx';
import { serverIssues } from '../settings-form/server-issues.ts';
import { SettingsForm } from '../settings-form/settings-form.tsx';
import { settingsIssues } from '../settings-form/settings-issues.ts';
import { fieldId, useSettingsDraft } from '../settings-form/use-settings-draft.ts';
import { DeprecatedNotice } from './deprecated-notice.tsx';
import { ConsentChanged, StaleConsent } from './stale-consent.tsx';
import { PluginIcon } from './plugin-icon.tsx';
import { environmentChoices } from './plugin-words.ts';
import { useEscape } from './use-escape.ts';
import { WhoMadeIt } from './who-made-it.tsx';
import classes from './install-form.module.css';

interface InstallFormProps {
  plugin: PluginDetail;
  /** Reads the plugin again, after the host refused a consent that is out of date. */
  onReload: () => void;
}

/** What is decided before a plugin runs, in reading order; nothing is sent by Enter. */
export function InstallForm({ plugin, onReload }: InstallFormProps) {
  const [namespace = '', name = ''] = plugin.id.split('/');
  // Settings of a plugin that only receives requests belong to each of its integrations and are asked there.
  const perIntegration = plugin.provides.includes('ingest') && !plugin.provides.includes('deliver');
  const settings = useSettingsDraft(perIntegration ? noSettings : plugin.configuration);
  const [environment, setEnvironment] = useState<Environment>('production');
  const [secrets, setSecrets] = useState<SecretDraft>({});
  const [secretIssues, setSecretIssues] = useState<Record<string, string>>({});
  const [readFirst, setReadFirst] = useState<Consent>(plugin.consent);
  const [leaving, setLeaving] = useState(false);
  const install = useInstall();
  const navigate = useNavigate();
  useHeadingFocus();

  const lines = permissionLines(plugin, settings.configuration);
  const stale = install.error instanceof ApiError && install.error.code === 'CONSENT_STALE';
  const dirty = settings.changed || Object.keys(typedSecrets(plugin.secrets, secrets)).length > 0;
  const leave = () => void navigate({ to: '/marketplace/$namespace/$name', params: { namespace, name } });
  useEscape(() => (dirty ? setLeaving(true) : leave()));

  function agree() {
    const missing = missingSecrets(plugin.secrets, secrets);
    setSecretIssues(missing);
    const wrong = settingsIssues(settings.schema, settings.draft);
    if (!settings.check() || Object.keys(missing).length > 0) {
      focusFirst([...Object.keys(wrong).map(fieldId), ...Object.keys(missing).map(secretId)]);
      return;
    }
    install.mutate(
      {
        plugin: plugin.id,
        version: plugin.version,
        environment,
        configuration: settings.configuration,
        secrets: typedSecrets(plugin.secrets, secrets),
        consent: plugin.consent.digest,
      },
      {
        onSuccess: ({ id }) =>
          void navigate({ to: '/installed/$id', params: { id }, search: { fresh: 'yes' }, replace: true }),
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
    <div className={classes.page}>
      <PageHeader
        title={`Install ${plugin.name}`}
        heading={
          <span className={classes.title}>
            <PluginIcon src={plugin.icon} size={32} /> Install {plugin.name}
          </span>
        }
        crumbs={[
          <TextLink key="marketplace" to="/marketplace">
            Marketplace
          </TextLink>,
          <TextLink key="plugin" to="/marketplace/$namespace/$name" params={{ namespace, name }}>
            {plugin.name}
          </TextLink>,
        ]}
        about={`Version ${plugin.version}. ${plugin.summary}`}
      />
      <form onSubmit={(event) => event.preventDefault()} noValidate>
        <Stack gap="lg">
          <DeprecatedNotice deprecated={plugin.deprecated}>
            Its author no longer looks after it: what breaks stays broken.
          </DeprecatedNotice>
          <ConsentChanged before={readFirst} after={plugin.consent} />
          <WhoMadeIt plugin={plugin} />
          <Section title="What it may do" hint="Enforced by the host on every request">
            <ConsentList lines={lines} />
          </Section>
          <Section title="Where it runs">
            <NativeSelect
              label="Environment"
              description="Secrets of one environment are never used in another."
              data={environmentChoices}
              value={environment}
              onChange={(event) =>
                setEnvironment(
                  environmentChoices.find(({ value }) => value === event.currentTarget.value)?.value ?? environment,
                )
              }
            />
          </Section>
          {Object.keys(settings.schema.properties).length > 0 && (
            <Section title="Settings" hint="You can change them later">
              <SettingsForm settings={settings} />
            </Section>
          )}
          {plugin.secrets.length > 0 && (
            <Section title="Secrets" hint="Stay on the host, never enter the plugin">
              <SecretFields
                secrets={plugin.secrets}
                form={plugin.configuration}
                settings={settings.configuration}
                draft={secrets}
                issues={secretIssues}
                onChange={(secret, value) => {
                  setSecrets((before) => ({ ...before, [secret]: value }));
                  setSecretIssues(({ [secret]: _gone, ...rest }) => rest);
                }}
              />
            </Section>
          )}
          <Section title="You allow">
            <div className={classes.allow}>
              {lines.length === 0 ? (
                <p className={classes.summary}>Nothing beyond turning requests into events.</p>
              ) : (
                <ul className={classes.summary}>
                  {lines.map((line) => (
                    <li key={line.key}>{sentence(line.sentence)}</li>
                  ))}
                </ul>
              )}
              {stale ? (
                <StaleConsent
                  onReload={() => {
                    setReadFirst(plugin.consent);
                    install.reset();
                    onReload();
                  }}
                />
              ) : (
                <InlineError error={install.error} />
              )}
              <Group justify="flex-end" gap="sm">
                <Button variant="default" onClick={() => (dirty ? setLeaving(true) : leave())}>
                  Cancel
                </Button>
                <Button type="button" loading={install.isPending} disabled={stale} onClick={agree}>
                  {installLabel(lines.length)}
                </Button>
              </Group>
            </div>
          </Section>
        </Stack>
      </form>
      <ConfirmDialog
        opened={leaving}
        title="Leave without installing?"
        act="Leave"
        onConfirm={leave}
        onClose={() => setLeaving(false)}
      >
        What you typed here is not kept. Nothing was installed or allowed.
      </ConfirmDialog>
    </div>
  );
}

const noSettings: PluginDetail['configuration'] = { type: 'object', properties: {}, required: [] };
