import type { Authentication } from '@patchbay/plugin-sdk/contract/verifier';
import type { Integration } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { Checkbox, Group, NumberInput, PasswordInput, Stack, Switch, Textarea } from '@mantine/core';
import type { SecurityDraft, SecurityIssues } from './security-draft.ts';
import classes from '../settings-form/settings-form.module.css';
import { mayNameOwnSignature, ownSignatureIssues } from './own-signature-draft.ts';
import { OwnSignatureFields, ownSignatureId } from './own-signature-fields.tsx';
import { signatureHelp } from './signature-words.ts';

interface SecurityFieldsProps {
  authentication: Authentication;
  /** The host has a secret already. */
  secretStored: boolean;
  /** Where the vendor publishes its addresses; null where it does not. */
  published: Integration['published'];
  value: SecurityDraft;
  issues: SecurityIssues;
  disabled?: boolean;
  onChange: (change: Partial<SecurityDraft>) => void;
}

/** The ids of the controls, for moving to the first wrong one. */
export const securityIds = {
  signatureSecret: 'signature-secret',
  ownSignature: ownSignatureId,
  ipAllow: 'ip-allow',
  ipDeny: 'ip-deny',
  ratePerMinute: 'rate-per-minute',
  burst: 'burst',
} as const;

/** Signature, addresses and rate of an integration. */
export function SecurityFields({
  authentication,
  secretStored,
  published,
  value,
  issues,
  disabled = false,
  onChange,
}: SecurityFieldsProps) {
  const help = signatureHelp(authentication);
  return (
    <Stack gap="md" className={disabled ? (classes.fixed ?? '') : ''}>
      {help.needsSecret ? (
        <PasswordInput
          id={securityIds.signatureSecret}
          label={authentication.secret?.title ?? 'Signature secret'}
          description={`${authentication.secret?.description ?? ''} ${help.text} It is kept on the host and never shown again.`}
          error={issues.signatureSecret}
          disabled={disabled || value.removeSecret}
          autoComplete="new-password"
          placeholder={secretStored ? 'Set. What you enter takes its place at once.' : 'Optional'}
          visibilityToggleButtonProps={{ 'aria-label': 'Show or hide what you typed as signature secret' }}
          value={value.signatureSecret}
          onChange={(event) => onChange({ signatureSecret: event.currentTarget.value })}
        />
      ) : (
        <p style={{ margin: 0 }}>{help.text}</p>
      )}
      {secretStored && (
        <Checkbox
          label="Remove the secret that is set"
          disabled={disabled}
          checked={value.removeSecret}
          onChange={(event) => onChange({ removeSecret: event.currentTarget.checked, signatureSecret: '' })}
        />
      )}
      {(value.ownSignature !== null || mayNameOwnSignature(authentication)) && (
        <OwnSignatureFields
          value={value.ownSignature}
          issues={ownSignatureIssues(value.ownSignature)}
          disabled={disabled}
          onChange={(ownSignature) => onChange({ ownSignature })}
        />
      )}
      <Switch
        label="Refuse requests without a valid signature"
        description="Also those that carry the right key."
        disabled={disabled || authentication.policy === 'required'}
        checked={value.signatureRequired || authentication.policy === 'required'}
        onChange={(event) => onChange({ signatureRequired: event.currentTarget.checked })}
      />
      {published !== null && (
        <Switch
          label="Only from the vendor’s published addresses"
          description={`And from those below. The host reads them once a day from ${published.urls.join(', ')}.`}
          disabled={disabled}
          checked={value.publishedOnly}
          onChange={(event) => onChange({ publishedOnly: event.currentTarget.checked })}
        />
      )}
      <Textarea
        id={securityIds.ipAllow}
        label="Allowed sender addresses"
        description="One address or network per line, such as 192.0.2.0/24. Empty: every address, unless only published ones are taken."
        error={issues.ipAllow}
        disabled={disabled}
        autosize
        minRows={2}
        maxRows={8}
        value={value.ipAllow}
        onChange={(event) => onChange({ ipAllow: event.currentTarget.value })}
      />
      <Textarea
        id={securityIds.ipDeny}
        label="Refused sender addresses"
        description="The same way. They are refused even where the list above has them."
        error={issues.ipDeny}
        disabled={disabled}
        autosize
        minRows={2}
        maxRows={8}
        value={value.ipDeny}
        onChange={(event) => onChange({ ipDeny: event.currentTarget.value })}
      />
      <Group gap="md" align="flex-start">
        <NumberInput
          id={securityIds.ratePerMinute}
          label="Requests a minute"
          description="Beyond it senders wait (429). Refusals do not count."
          error={issues.ratePerMinute}
          disabled={disabled}
          allowDecimal={false}
          clampBehavior="none"
          thousandSeparator=","
          styles={{ root: { flex: '1 1 220px' } }}
          value={value.ratePerMinute}
          onChange={(ratePerMinute) => onChange({ ratePerMinute })}
        />
        <NumberInput
          id={securityIds.burst}
          label="Requests at once"
          description="Until the rate counts. Empty: as many as in a minute."
          error={issues.burst}
          disabled={disabled}
          allowDecimal={false}
          clampBehavior="none"
          thousandSeparator=","
          styles={{ root: { flex: '1 1 220px' } }}
          value={value.burst}
          onChange={(burst) => onChange({ burst })}
        />
      </Group>
    </Stack>
  );
}
