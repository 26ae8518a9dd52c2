import { MultiSelect, Select } from '@mantine/core';

/** Pixels; the longest of the labels with nothing chosen is "Any destination". */
const WIDTH = 168;

interface Option {
  value: string;
  label: string;
}

interface FilterSelectProps<T extends string> {
  /** "Status"; shown as "Any status" while nothing is chosen. */
  label: string;
  options: readonly (Option & { value: T })[];
  value: T | undefined;
  onChange: (value: T | undefined) => void;
  searchable?: boolean;
}

/** One choice of a table's filter bar. */
export function FilterSelect<T extends string>({ label, options, value, onChange, searchable }: FilterSelectProps<T>) {
  return (
    <Select
      aria-label={label}
      placeholder={`Any ${label.toLowerCase()}`}
      data={[...options]}
      value={value ?? null}
      onChange={(next) => onChange(next ?? undefined)}
      clearable
      clearButtonProps={{ 'aria-label': `Clear ${label.toLowerCase()}` }}
      searchable={searchable ?? false}
      w={WIDTH}
    />
  );
}

interface FilterManyProps<T extends string> {
  label: string;
  options: readonly (Option & { value: T })[];
  value: readonly T[] | undefined;
  onChange: (value: T[] | undefined) => void;
}

/** Several choices of one filter; none means any. */
export function FilterMany<T extends string>({ label, options, value, onChange }: FilterManyProps<T>) {
  const chosen = value ?? [];
  return (
    <MultiSelect
      aria-label={label}
      placeholder={chosen.length === 0 ? `Any ${label.toLowerCase()}` : ''}
      data={[...options]}
      value={[...chosen]}
      onChange={(next) => onChange(next.length > 0 ? next : undefined)}
      clearable
      clearButtonProps={{ 'aria-label': `Clear ${label.toLowerCase()}` }}
      w={chosen.length === 0 ? WIDTH : 'auto'}
      miw={WIDTH}
      maw={340}
    />
  );
}
