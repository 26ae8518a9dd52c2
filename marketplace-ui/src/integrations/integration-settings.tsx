import type { Integration } from '@patchbay/plugin-sdk/contract/rest/integrations';
import type { PluginDetail } from '@patchbay/plugin-sdk/contract/rest/plugins';
import { Button, Group, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { fieldErrors } from '../api/api-error.ts';
import { useHasRole } from '../api/session.ts';
import { ErrorState } from '../components/error-state.tsx';
import { InlineError } from '../components/inline-error.tsx';
import { notifyDone } from '../components/notify.tsx';
import { Section } from '../components/section.tsx';
import { TableSkeleton } from '../components/skeletons.tsx';
import { installationQuery } from '../installed/installation-queries.ts';
import { pluginQuery } from '../marketplace/plugin-queries.ts';
import { servicesQuery } from '../services/service-queries.ts';
import { focusFirst } from '../settings-form/focus-first.ts';
import { serverIssues } from '../settings-form/server-issues.ts';
import { SettingsForm } from '../settings-form/settings-form.tsx';
import { settingsIssues } from '../settings-form/settings-issues.ts';
import { fieldId, useSettingsDraft } from '../settings-form/use-settings-draft.ts';
import { BodySchema } from './body-schema.tsx';
import { DeleteIntegration } from './delete-integration.tsx';
import { integrationForm } from './integration-form.ts';
import { useChangeIntegration } from './integration-queries.ts';
import { PublishedAddresses } from './published-addresses.tsx';
import { RotateKey } from './rotate-key.tsx';
import { RotateSecret } from './rotate-secret.tsx';
import { securityDraft, securityInput, securityIssues } from './security-draft.ts';
import { SecurityFields, securityIds } from './security-fields.tsx';
import { SenderAnswer } from './sender-answer.tsx';
import { signatureHelp } from './signature-words.ts';
import { WatchSettings } from './watch-settings.tsx';
import form from '../settings-form/settings-form.module.css';
import classes from './integration-page.module.css';

/** Everything about an integration that can be changed, each part with its own act. */
export function IntegrationSettings({ integration }: { integration: Integration }) {
  const installation = useQuery(installationQuery(integration.installationId));
  const plugin = useQuery({
    ...pluginQuery(installation.data?.plugin ?? '', integration.pluginVersion),
    enabled: installation.data !== undefined,
  });
  const mayChange = useHasRole('member');
  const failed = installation.isError ? installation : plugin.isError ? plugin : null;
  if (failed !== null) return <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />;
  if (plugin.data === undefined) return <TableSkeleton rows={5} />;
  return (
    <div className={classes.stack} style={{ maxWidth: 760 }}>
      <PlaceAndSettings integration={integration} plugin={plugin.data} />
      <Security integration={integration} plugin={plugin.data} />
      {integration.published !== null && <PublishedAddresses integration={integration} />}
      <BodySchema integration={integration} />
      <SenderAnswer integration={integration} />
      <WatchSettings integration={integration} />
      {mayChange && integration.signature.secretSet && <RotateSecret integration={integration} />}
      {mayChange && <RotateKey integration={integration} />}
      {mayChange && <DeleteIntegration integration={integration} />}
    </div>
  );
}

interface PartProps {
  integration: Integration;
  plugin: PluginDetail;
}

function PlaceAndSettings({ integration, plugin }: PartProps) {
  const [name, setName] = useState(integration.name);
  const [serviceId, setServiceId] = useState(integration.serviceId);
  const ownForm = useMemo(() => integrationForm(plugin), [plugin]);
  const settings = useSettingsDraft(ownForm, integration.settings);
  const services = useQuery(servicesQuery);
  const change = useChangeIntegration(integration.id);
  const mayChange = useHasRole('member');
  const changed = settings.changed || name !== integration.name || serviceId !== integration.serviceId;
  const nameIssue = name.trim() === '' ? 'Give it a name.' : fieldErrors(change.error)['name'];
  return (
    <Section title="Name, service and settings">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!settings.check() || name.trim() === '') {
            focusFirst(Object.keys(settingsIssues(settings.schema, settings.draft)).map(fieldId));
            return;
          }
          change.mutate(
            { name: name.trim(), serviceId, settings: settings.configuration },
            {
              onSuccess: () => {
                settings.settle();
                notifyDone(`“${name.trim()}” saved`);
              },
              onError: (error) => settings.refuse(serverIssues(error, 'settings')),
            },
          );
        }}
      >
        <Stack gap="md" className={mayChange ? '' : (form.fixed ?? '')}>
          <TextInput
            label="Name"
            withAsterisk
            maxLength={80}
            disabled={!mayChange}
            error={nameIssue}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <NativeSelect
            label="Service"
            description="Open incidents stay with the service they were opened in."
            disabled={!mayChange}
            value={serviceId}
            data={(services.data ?? []).map(({ id, name: label }) => ({ value: id, label }))}
            onChange={(event) => setServiceId(event.currentTarget.value)}
          />
          <SettingsForm settings={settings} disabled={!mayChange} />
          <InlineError error={change.error} />
          {mayChange && (
            <Group>
              <Button type="submit" loading={change.isPending} disabled={!changed}>
                Save
              </Button>
            </Group>
          )}
        </Stack>
      </form>
    </Section>
  );
}

function Security({ integration, plugin }: PartProps) {
  const [draft, setDraft] = useState(() => securityDraft(integration));
  const change = useChangeIntegration(integration.id);
  const mayChange = useHasRole('member');
  const { needsSecret } = signatureHelp(plugin.authentication);
  const { secretSet } = integration.signature;
  const issues = securityIssues(draft, secretSet, needsSecret);
  const changed = JSON.stringify(draft) !== JSON.stringify(securityDraft(integration));
  return (
    <Section title="Who may post">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (Object.keys(issues).length > 0) {
            focusFirst(
              Object.entries(securityIds).flatMap(([field, id]) => (Object.hasOwn(issues, field) ? [id] : [])),
            );
            return;
          }
          change.mutate(
            {
              ...securityInput(draft),
              ...(draft.removeSecret ? { signatureSecret: null } : {}),
              ...(draft.signatureSecret === '' ? {} : { signatureSecret: draft.signatureSecret }),
            },
            {
              onSuccess: (saved) => {
                setDraft(securityDraft(saved));
                notifyDone('Saved who may post');
              },
            },
          );
        }}
      >
        <Stack gap="md">
          <SecurityFields
            authentication={plugin.authentication}
            secretStored={secretSet}
            published={integration.published}
            value={draft}
            issues={issues}
            disabled={!mayChange}
            onChange={(part) => setDraft((before) => ({ ...before, ...part }))}
          />
          <InlineError error={change.error} />
          {mayChange && (
            <Group>
              <Button type="submit" variant="default" loading={change.isPending} disabled={!changed}>
                Save who may post
              </Button>
            </Group>
          )}
        </Stack>
      </form>
    </Section>
  );
}
