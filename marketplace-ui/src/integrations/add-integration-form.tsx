import type { Environment } from '@patchbay/plugin-sdk/contract/manifest';
import type { Installation, PluginDetail } from '@patchbay/plugin-sdk/contract/rest/plugins';
import { Button, Group, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { fieldErrors } from '../api/api-error.ts';
import { InlineError } from '../components/inline-error.tsx';
import { ButtonLink } from '../components/link.tsx';
import { notifyDone } from '../components/notify.tsx';
import { Section } from '../components/section.tsx';
import { environmentChoices } from '../marketplace/plugin-words.ts';
import { servicesQuery } from '../services/service-queries.ts';
import { focusFirst } from '../settings-form/focus-first.ts';
import { serverIssues } from '../settings-form/server-issues.ts';
import { SettingsForm } from '../settings-form/settings-form.tsx';
import { settingsIssues } from '../settings-form/settings-issues.ts';
import { fieldId, useSettingsDraft } from '../settings-form/use-settings-draft.ts';
import { integrationForm } from './integration-form.ts';
import { useCreateIntegration } from './integration-queries.ts';
import { securityDraft, securityInput, securityIssues } from './security-draft.ts';
import { SecurityFields, securityIds } from './security-fields.tsx';
import { signatureHelp } from './signature-words.ts';

interface AddIntegrationFormProps {
  installation: Installation;
  plugin: PluginDetail;
  serviceId: string;
}

export function AddIntegrationForm({ installation, plugin, serviceId }: AddIntegrationFormProps) {
  const [name, setName] = useState(installation.name);
  const [service, setService] = useState(serviceId);
  const [environment, setEnvironment] = useState<Environment>(installation.environment);
  const [security, setSecurity] = useState(() => securityDraft());
  const [tried, setTried] = useState(false);
  const form = useMemo(() => integrationForm(plugin), [plugin]);
  const settings = useSettingsDraft(form);
  const services = useQuery(servicesQuery);
  const create = useCreateIntegration();
  const navigate = useNavigate();

  const { needsSecret } = signatureHelp(plugin.authentication);
  const wrong = securityIssues(security, false, needsSecret);
  const nameIssue = name.trim() === '' ? 'Give it a name that your colleagues recognise.' : undefined;

  function submit() {
    setTried(true);
    const wrongSettings = Object.keys(settingsIssues(settings.schema, settings.draft));
    const settingsFit = settings.check();
    if (nameIssue !== undefined || !settingsFit || Object.keys(wrong).length > 0) {
      focusFirst([
        ...(nameIssue === undefined ? [] : ['integration-name']),
        ...wrongSettings.map(fieldId),
        ...Object.entries(securityIds).flatMap(([field, id]) => (Object.hasOwn(wrong, field) ? [id] : [])),
      ]);
      return;
    }
    create.mutate(
      {
        type: installation.integrationType ?? '',
        name: name.trim(),
        serviceId: service,
        environment,
        settings: settings.configuration,
        ...(security.signatureSecret === '' ? {} : { signatureSecret: security.signatureSecret }),
        ...securityInput(security),
      },
      {
        onSuccess: ({ id }) => {
          notifyDone(`“${name.trim()}” is ready to receive`);
          void navigate({ to: '/integrations/$id', params: { id } });
        },
        onError: (error) => settings.refuse(serverIssues(error, 'settings')),
      },
    );
  }

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Stack gap="md">
        <Section title="Name and place">
          <Stack gap="md">
            <TextInput
              id="integration-name"
              label="Name"
              withAsterisk
              maxLength={80}
              error={tried ? (nameIssue ?? fieldErrors(create.error)['name']) : undefined}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <NativeSelect
              label="Service"
              description="Its incidents belong to this service."
              value={service}
              data={(services.data ?? []).map(({ id, name: label }) => ({ value: id, label }))}
              onChange={(event) => setService(event.currentTarget.value)}
            />
            <NativeSelect
              label="Environment"
              description="A secret of one environment is never used in another."
              value={environment}
              data={environmentChoices}
              onChange={(event) =>
                setEnvironment(
                  environmentChoices.find(({ value }) => value === event.currentTarget.value)?.value ?? environment,
                )
              }
            />
          </Stack>
        </Section>
        {Object.keys(form.properties).length > 0 && (
          <Section title={`Settings of ${plugin.name}`} hint="You can change them later">
            <SettingsForm settings={settings} />
          </Section>
        )}
        <Section title="Who may post" hint="The key is made for you">
          <SecurityFields
            authentication={plugin.authentication}
            secretStored={false}
            published={null}
            value={security}
            issues={tried ? wrong : {}}
            onChange={(change) => setSecurity((before) => ({ ...before, ...change }))}
          />
        </Section>
        <InlineError error={create.error} />
        <Group justify="flex-end" gap="sm">
          <ButtonLink variant="default" to="/services/$id" params={{ id: serviceId }}>
            Cancel
          </ButtonLink>
          <Button type="submit" loading={create.isPending}>
            Add the integration
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
