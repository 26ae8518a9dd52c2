import { Textarea } from '@mantine/core';

interface LoggedReasonProps {
  value: string;
  onChange: (reason: string) => void;
}

/** Why a reviewer decides, in the words that go to the registry's decision log. */
export function LoggedReason({ value, onChange }: LoggedReasonProps) {
  return (
    <Textarea
      mt="md"
      label="Why"
      description="Written to the decision log, which everybody here can read"
      autosize
      minRows={2}
      maxLength={1000}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
