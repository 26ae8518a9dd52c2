import type { ConfigurationField } from '@patchbay/plugin-sdk/contract/configuration';
import { NativeSelect, NumberInput, Stack, Switch, Textarea, TextInput } from '@mantine/core';
import type { DraftValue } from './settings-draft.ts';
import { isEntryList, isTextList } from './settings-draft.ts';
import { MapField } from './map-field.tsx';
import type { SettingsState } from './use-settings-draft.ts';
import { fieldId } from './use-settings-draft.ts';
import classes from './settings-form.module.css';

/** The settings of a plugin as a form: one control per field of its manifest, in the manifest's order. */
export function SettingsForm({ settings, disabled = false }: { settings: SettingsState; disabled?: boolean }) {
  const { schema, draft, shownIssues } = settings;
  return (
    <Stack gap="md" className={disabled ? (classes.fixed ?? '') : ''}>
      {Object.entries(schema.properties).map(([name, field]) => (
        <SettingField
          key={name}
          name={name}
          field={field}
          required={schema.required.includes(name)}
          disabled={disabled}
          value={draft[name]}
          issue={shownIssues[name]}
          onChange={(value) => settings.change(name, value)}
          onLeave={() => settings.leave(name)}
        />
      ))}
    </Stack>
  );
}

interface SettingFieldProps {
  name: string;
  field: ConfigurationField;
  required: boolean;
  disabled: boolean;
  value: DraftValue | undefined;
  issue: string | undefined;
  onChange: (value: DraftValue) => void;
  onLeave: () => void;
}

function SettingField({ name, field, required, disabled, value, issue, onChange, onLeave }: SettingFieldProps) {
  const common = {
    id: fieldId(name),
    label: field.title,
    description: field.description,
    error: issue,
    disabled,
    withAsterisk: required,
    onBlur: onLeave,
  };
  const text = typeof value === 'string' || typeof value === 'number' ? value : '';
  switch (field.type) {
    case 'boolean':
      return (
        <Switch
          id={common.id}
          label={field.title}
          description={field.description}
          error={issue}
          disabled={disabled}
          checked={value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case 'integer':
    case 'number':
      return (
        <NumberInput
          {...common}
          value={text}
          onChange={onChange}
          allowDecimal={field.type === 'number'}
          clampBehavior="none"
          placeholder={field.default === undefined ? undefined : String(field.default)}
        />
      );
    case 'array':
      return (
        <Textarea
          {...common}
          description={[field.description, 'One per line.'].filter(Boolean).join(' ')}
          autosize
          minRows={2}
          value={isTextList(value) ? value.join('\n') : ''}
          onChange={(event) => onChange(event.currentTarget.value === '' ? [] : event.currentTarget.value.split('\n'))}
        />
      );
    case 'object':
      return <MapField {...common} entries={isEntryList(value) ? value : []} onChange={onChange} />;
    case 'string':
      return <TextField {...common} field={field} value={String(text)} onChange={onChange} />;
  }
}

interface TextFieldProps {
  id: string;
  label: string;
  description: string | undefined;
  error: string | undefined;
  disabled: boolean;
  withAsterisk: boolean;
  field: Extract<ConfigurationField, { type: 'string' }>;
  value: string;
  onBlur: () => void;
  onChange: (value: string) => void;
}

function TextField({ field, onChange, ...common }: TextFieldProps) {
  const placeholder = field.default ?? field.examples?.[0];
  const mono =
    field.format === 'json-path' ? { styles: { input: { fontFamily: 'var(--mantine-font-family-monospace)' } } } : {};
  if (field.enum !== undefined)
    return (
      <NativeSelect
        {...common}
        data={[...(common.value === '' ? [{ value: '', label: 'Choose…' }] : []), ...field.enum]}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  if (field.multiline === true)
    return (
      <Textarea
        {...common}
        autosize
        minRows={3}
        maxRows={16}
        placeholder={placeholder}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  return (
    <TextInput
      {...common}
      {...mono}
      autoComplete="off"
      inputMode={field.format === 'uri' ? 'url' : field.format === 'email' ? 'email' : 'text'}
      placeholder={placeholder}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
