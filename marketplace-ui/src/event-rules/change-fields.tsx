import { severities } from '@patchbay/plugin-sdk/contract/event-payload';
import { ruleLimits } from '@patchbay/plugin-sdk/contract/limits';
import { ActionIcon, Button, NativeSelect, TextInput } from '@mantine/core';
import { Plus, X } from 'lucide-react';
import { DETAIL, emptyChange, fieldChoices, type ChangeDraft } from './rule-draft.ts';
import classes from './rules-tab.module.css';

interface ChangeFieldsProps {
  changes: readonly ChangeDraft[];
  /** By `changes.INDEX`. */
  issues: Readonly<Record<string, string>>;
  onChange: (changes: ChangeDraft[]) => void;
}

/** What a rule sets: fields, each to a text as it stands or to what an expression gives. */
export function ChangeFields({ changes, issues, onChange }: ChangeFieldsProps) {
  const put = (at: number, part: Partial<ChangeDraft>) =>
    onChange(changes.map((one, index) => (index === at ? { ...one, ...part } : one)));
  return (
    <fieldset className={classes.changes}>
      <legend>Fields to set</legend>
      {changes.map((change, at) => (
        <div key={at} className={classes.change} role="group" aria-label={`Field ${at + 1}`}>
          <NativeSelect
            label="Field"
            value={change.field}
            data={fieldChoices.map((field) => ({ value: field, label: field === DETAIL ? 'custom_details…' : field }))}
            onChange={(event) => put(at, { field: event.currentTarget.value })}
          />
          {change.field === DETAIL && (
            <TextInput
              label="Detail"
              maxLength={64}
              value={change.detail}
              onChange={(event) => put(at, { detail: event.currentTarget.value })}
            />
          )}
          <NativeSelect
            label="To"
            value={change.kind}
            data={[
              { value: 'value', label: 'text' },
              { value: 'expression', label: 'expression' },
            ]}
            onChange={(event) => put(at, { kind: event.currentTarget.value === 'expression' ? 'expression' : 'value' })}
          />
          <Value change={change} issue={issues[`changes.${at}`]} onChange={(text) => put(at, { text })} />
          {changes.length > 1 && (
            <ActionIcon
              className={classes.without ?? ''}
              variant="subtle"
              aria-label={`Leave out field ${at + 1}`}
              title="Leave out"
              onClick={() => onChange(changes.filter((_, index) => index !== at))}
            >
              <X size={16} aria-hidden="true" />
            </ActionIcon>
          )}
        </div>
      ))}
      {changes.length < ruleLimits.changesPerRule && (
        <Button
          variant="subtle"
          size="xs"
          leftSection={<Plus size={14} aria-hidden="true" />}
          onClick={() => onChange([...changes, emptyChange])}
        >
          One more field
        </Button>
      )}
    </fieldset>
  );
}

interface ValueProps {
  change: ChangeDraft;
  issue: string | undefined;
  onChange: (text: string) => void;
}

function Value({ change, issue, onChange }: ValueProps) {
  if (change.kind === 'value' && change.field === 'severity') {
    const choices = [{ value: '', label: 'Choose…' }, ...severities.map((value) => ({ value, label: value }))];
    return (
      <NativeSelect
        className={classes.value ?? ''}
        label="Text"
        error={issue}
        value={change.text}
        data={choices}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  }
  const isText = change.kind === 'value';
  return (
    <TextInput
      className={classes.value ?? ''}
      label={isText ? 'Text' : 'Expression'}
      error={issue}
      spellCheck={isText}
      maxLength={isText ? ruleLimits.valueChars : ruleLimits.expressionChars}
      styles={isText ? {} : { input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: '0.8125rem' } }}
      value={change.text}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
