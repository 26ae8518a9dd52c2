import { CloseButton, Kbd, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { Search } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useSingleKey } from './single-keys.ts';

interface SearchFieldProps {
  /** "Search incidents" */
  label: string;
  value: string;
  /** Called 300 ms after the last key, and at once when cleared. */
  onChange: (value: string) => void;
  /** `/` moves here; at most one field of a page. */
  slash?: boolean;
}

export function SearchField({ label, value, onChange, slash = false }: SearchFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(value);
  const later = useDebouncedCallback(onChange, 300);
  // The address may change under the field: back, or a cleared filter.
  useEffect(() => setText(value), [value]);
  useSingleKey(slash ? '/' : '', () => input.current?.focus());

  const clear = () => {
    setText('');
    onChange('');
    input.current?.focus();
  };
  return (
    <TextInput
      ref={input}
      type="text"
      role="searchbox"
      aria-label={label}
      placeholder={label}
      leftSection={<Search size={14} aria-hidden="true" />}
      rightSection={
        text ? (
          <CloseButton size="sm" aria-label="Clear search" onClick={clear} />
        ) : slash ? (
          <Kbd size="xs" aria-hidden="true">
            /
          </Kbd>
        ) : null
      }
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        later(event.currentTarget.value.trim());
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') (text ? clear : () => input.current?.blur())();
      }}
      style={{ flex: '1 1 180px', maxWidth: 360 }}
    />
  );
}
