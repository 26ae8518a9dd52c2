import type { Configuration, ConfigurationSchema } from '@patchbay/plugin-sdk/contract/configuration';
import type { SecretDeclaration } from '@patchbay/plugin-sdk/contract/manifest';
import { PasswordInput, Stack } from '@mantine/core';
import { reachOf } from '../consent/permission-lines.ts';

export type SecretDraft = Record<string, string>;

interface SecretFieldsProps {
  secrets: readonly SecretDeclaration[];
  /** Decides which host a secret goes to. */
  form: ConfigurationSchema;
  settings: Configuration;
  draft: SecretDraft;
  issues: Record<string, string>;
  /** Names that have a value on the host already: an empty field keeps it. */
  set?: readonly string[];
  onChange: (name: string, value: string) => void;
}

/** Write-only fields: a value goes to the host and is never shown again. */
export function SecretFields({ secrets, form, settings, draft, issues, set = [], onChange }: SecretFieldsProps) {
  return (
    <Stack gap="md">
      {secrets.map((secret) => {
        const stored = set.includes(secret.name);
        return (
          <PasswordInput
            key={secret.name}
            id={secretId(secret.name)}
            label={secret.title}
            description={[secret.description, powerOf(secret, form, settings)].filter(Boolean).join(' ')}
            error={issues[secret.name]}
            withAsterisk={secret.required && !stored}
            autoComplete="new-password"
            placeholder={stored ? 'Set. Leave empty to keep it.' : secret.required ? '' : 'Optional'}
            visibilityToggleButtonProps={{ 'aria-label': `Show or hide what you typed as ${secret.title}` }}
            value={draft[secret.name] ?? ''}
            onChange={(event) => onChange(secret.name, event.currentTarget.value)}
          />
        );
      })}
    </Stack>
  );
}

/** The id of a secret's control, so that the first missing one can be focused. */
export function secretId(name: string): string {
  return `secret-${name}`;
}

/** Required secrets without a value, in words by name. */
export function missingSecrets(
  secrets: readonly SecretDeclaration[],
  draft: SecretDraft,
  set: readonly string[] = [],
): Record<string, string> {
  return Object.fromEntries(
    secrets
      .filter(({ name, required }) => required && !set.includes(name) && (draft[name] ?? '') === '')
      .map(({ name }) => [name, 'Fill this in.']),
  );
}

/** What was typed: empty fields are left out. */
export function typedSecrets(draft: SecretDraft): SecretDraft {
  return Object.fromEntries(Object.entries(draft).filter(([, value]) => value !== ''));
}

function powerOf(secret: SecretDeclaration, form: ConfigurationSchema, settings: Configuration): string {
  const reach = reachOf(secret.credential.host, 'https', undefined, form, settings);
  const place = reach.kind === 'host' ? reach.host : 'the host you enter above';
  return `The plugin can do whatever this secret can do on ${place}.`;
}
