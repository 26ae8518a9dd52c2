import { Group, NativeSelect, Stack, Switch, TextInput } from '@mantine/core';
import { firstOwnSignature, type OwnSignatureDraft, type OwnSignatureIssues } from './own-signature-draft.ts';

interface OwnSignatureFieldsProps {
  value: OwnSignatureDraft | null;
  issues: OwnSignatureIssues;
  disabled: boolean;
  onChange: (value: OwnSignatureDraft | null) => void;
}

/** The id of the first control, for moving to it when something is wrong. */
export const ownSignatureId = 'own-signature-header';

/** The form of a signature, for senders that the operator has written or can configure. */
export function OwnSignatureFields({ value, issues, disabled, onChange }: OwnSignatureFieldsProps) {
  return (
    <Stack gap="md">
      <Switch
        label="My sender signs in a form of its own"
        description="It then stands instead of the one above."
        disabled={disabled}
        checked={value !== null}
        onChange={(event) => onChange(event.currentTarget.checked ? firstOwnSignature : null)}
      />
      {value !== null && (
        <Form
          value={value}
          issues={issues}
          disabled={disabled}
          onChange={(change) => onChange({ ...value, ...change })}
        />
      )}
    </Stack>
  );
}

function Form({
  value,
  issues,
  disabled,
  onChange,
}: Omit<OwnSignatureFieldsProps, 'value' | 'onChange'> & {
  value: OwnSignatureDraft;
  onChange: (change: Partial<OwnSignatureDraft>) => void;
}) {
  return (
    <>
      <TextInput
        id={ownSignatureId}
        label="Header of the signature"
        error={issues.header}
        disabled={disabled}
        maxLength={64}
        value={value.header}
        onChange={(event) => onChange({ header: event.currentTarget.value.trim() })}
      />
      <Group grow align="start">
        <NativeSelect
          label="Algorithm"
          disabled={disabled}
          data={[
            { value: 'sha256', label: 'HMAC-SHA256' },
            { value: 'sha512', label: 'HMAC-SHA512' },
            { value: 'sha1', label: 'HMAC-SHA1' },
          ]}
          value={value.hash}
          onChange={(event) => onChange({ hash: event.currentTarget.value as OwnSignatureDraft['hash'] })}
        />
        <NativeSelect
          label="Written as"
          disabled={disabled}
          data={[
            { value: 'hex', label: 'Hexadecimal' },
            { value: 'base64', label: 'Base64' },
          ]}
          value={value.encoding}
          onChange={(event) => onChange({ encoding: event.currentTarget.value as OwnSignatureDraft['encoding'] })}
        />
        <TextInput
          label="Text before it"
          placeholder="None"
          error={issues.prefix}
          disabled={disabled}
          maxLength={32}
          value={value.prefix}
          onChange={(event) => onChange({ prefix: event.currentTarget.value })}
        />
      </Group>
      <Group grow align="start">
        <TextInput
          label="Header of the timestamp"
          placeholder="None"
          error={issues.timestampHeader}
          disabled={disabled}
          maxLength={64}
          value={value.timestampHeader}
          onChange={(event) => onChange({ timestampHeader: event.currentTarget.value.trim() })}
        />
        <NativeSelect
          label="Timestamp in"
          disabled={disabled || value.timestampHeader === ''}
          data={[
            { value: 's', label: 'Seconds since 1970' },
            { value: 'ms', label: 'Milliseconds since 1970' },
            { value: 'iso', label: 'ISO 8601' },
          ]}
          value={value.timestampUnit}
          onChange={(event) =>
            onChange({ timestampUnit: event.currentTarget.value as OwnSignatureDraft['timestampUnit'] })
          }
        />
      </Group>
      <TextInput
        label="What is signed"
        description="{body}, or for example {timestamp}.{body}. Names of other headers may stand in braces, too."
        error={issues.signed}
        disabled={disabled}
        maxLength={200}
        value={value.signed}
        onChange={(event) => onChange({ signed: event.currentTarget.value })}
      />
    </>
  );
}
