import type { Configuration, ConfigurationSchema } from '@patchbay/plugin-sdk/contract/configuration';
import { secretParts } from '@patchbay/plugin-sdk/contract/credential';
import type { SecretDeclaration } from '@patchbay/plugin-sdk/contract/manifest';
import { Fieldset, PasswordInput, Stack, Textarea, TextInput } from '@mantine/core';
import { reachOf } from '../consent/permission-lines.ts';
import { partKey, type SecretDraft } from './secret-draft.ts';

interface SecretFieldsProps {
  secrets: readonly SecretDeclaration[];
  /** Decides which host a secret goes to. */
  form: ConfigurationSchema;
  settings: Configuration;
  draft: SecretDraft;
  issues: Record<string, string>;
  /** Names that have a value on the host already: an empty field keeps it. */
  set?: readonly string[];
  onChange: (key: string, value: string) => void;
}

/** Write-only fields: a value goes to the host and is never shown again. */
export function SecretFields({ secrets, form, settings, draft, issues, set = [], onChange }: SecretFieldsProps) {
  const field = (key: string, title: string, required: boolean, stored: boolean) => ({
    id: secretId(key),
    error: issues[key],
    withAsterisk: required && !stored,
    placeholder: stored ? 'Set. Leave empty to keep it.' : required ? '' : 'Optional',
    label: title,
    value: draft[key] ?? '',
    onChange: (event: { currentTarget: { value: string } }) => onChange(key, event.currentTarget.value),
  });
  return (
    <Stack gap="md">
      {secrets.map((secret) => {
        const { name, title, required, credential } = secret;
        const stored = set.includes(name);
        const about = [secret.description, powerOf(secret, form, settings)].filter(Boolean).join(' ');
        const parts = secretParts(credential);
        if (parts !== null)
          return (
            <Fieldset key={name} legend={title}>
              <Stack gap="sm">
                <p>
                  {about}
                  {stored && ' All parts are replaced together.'}
                </p>
                {parts.map((part) =>
                  part.hidden ? (
                    <PasswordInput
                      key={part.name}
                      {...field(partKey(name, part.name), part.title, part.required, stored)}
                      autoComplete="new-password"
                      visibilityToggleButtonProps={showOrHide(part.title)}
                    />
                  ) : (
                    <TextInput
                      key={part.name}
                      {...field(partKey(name, part.name), part.title, part.required, stored)}
                      autoComplete="off"
                    />
                  ),
                )}
              </Stack>
            </Fieldset>
          );
        if (credential.kind === 'jwt')
          return (
            <Textarea
              key={name}
              {...field(name, title, required, stored)}
              description={`${about} Paste the whole private key in PEM, with its first and last line.`}
              autoComplete="off"
              spellCheck={false}
              autosize
              minRows={4}
              maxRows={12}
            />
          );
        return (
          <PasswordInput
            key={name}
            {...field(name, title, required, stored)}
            description={about}
            autoComplete="new-password"
            visibilityToggleButtonProps={showOrHide(title)}
          />
        );
      })}
    </Stack>
  );
}

/** The id of a secret's control, so that the first missing one can be focused. */
export function secretId(key: string): string {
  return `secret-${key}`;
}

function showOrHide(title: string) {
  return { 'aria-label': `Show or hide what you typed as ${title}` };
}

function powerOf(secret: SecretDeclaration, form: ConfigurationSchema, settings: Configuration): string {
  const reach = reachOf(secret.credential.host, 'https', undefined, form, settings);
  const place = reach.kind === 'host' ? reach.host : 'the host you enter above';
  return `The plugin can do whatever this secret can do on ${place}.`;
}
