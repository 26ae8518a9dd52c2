import { ActionIcon, Button, Group, Input, Stack, TextInput } from '@mantine/core';
import { Plus, Trash2 } from 'lucide-react';
import type { MapEntry } from './settings-draft.ts';

interface MapFieldProps {
  id: string;
  label: string;
  description?: string | undefined;
  error?: string | undefined;
  disabled?: boolean;
  withAsterisk?: boolean;
  entries: readonly MapEntry[];
  names?: { key: string; value: string };
  onChange: (entries: MapEntry[]) => void;
  onBlur?: () => void;
}

/** A map from text to text as rows of two inputs, in the order typed. */
export function MapField({
  id,
  label,
  description,
  error,
  disabled = false,
  withAsterisk = false,
  entries,
  names = { key: 'Name', value: 'Value' },
  onChange,
  onBlur,
}: MapFieldProps) {
  function replace(index: number, change: Partial<MapEntry>) {
    onChange(entries.map((entry, at) => (at === index ? { ...entry, ...change } : entry)));
  }
  return (
    <Input.Wrapper
      component="fieldset"
      label={label}
      labelElement="div"
      labelProps={{ id: `${id}-label` }}
      description={description}
      error={error}
      withAsterisk={withAsterisk}
      aria-labelledby={`${id}-label`}
      style={{ border: 0, margin: 0, padding: 0, minInlineSize: 0 }}
    >
      <Stack gap="xs" mt={4}>
        {entries.map((entry, index) => (
          // The position is the row's identity: rows are only added at the end, and text may repeat while it is typed.
          <Group key={index} gap="xs" wrap="nowrap" align="flex-start">
            <TextInput
              {...(index === 0 ? { id } : {})}
              aria-label={`${names.key} ${index + 1}`}
              placeholder={names.key}
              value={entry.key}
              disabled={disabled}
              autoComplete="off"
              onBlur={onBlur}
              onChange={(event) => replace(index, { key: event.currentTarget.value })}
              style={{ flex: 2, minWidth: 0 }}
            />
            <TextInput
              aria-label={`${names.value} ${index + 1}`}
              placeholder={names.value}
              value={entry.value}
              disabled={disabled}
              autoComplete="off"
              onBlur={onBlur}
              onChange={(event) => replace(index, { value: event.currentTarget.value })}
              style={{ flex: 3, minWidth: 0 }}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              size={36}
              disabled={disabled}
              aria-label={`Remove row ${index + 1}`}
              onClick={() => onChange(entries.filter((_entry, at) => at !== index))}
            >
              <Trash2 size={16} aria-hidden />
            </ActionIcon>
          </Group>
        ))}
        <Group>
          <Button
            {...(entries.length === 0 ? { id } : {})}
            variant="default"
            size="xs"
            disabled={disabled}
            leftSection={<Plus size={14} aria-hidden />}
            onClick={() => onChange([...entries, { key: '', value: '' }])}
          >
            Add a row
          </Button>
        </Group>
      </Stack>
    </Input.Wrapper>
  );
}
