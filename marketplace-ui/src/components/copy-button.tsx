import { ActionIcon, Button } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { Check, Copy } from 'lucide-react';

interface CopyButtonProps {
  /** A function for what is costly to build. */
  text: string | (() => string);
  /** What is copied: "Copy key". */
  label: string;
  /** Shows the label beside the icon. */
  wide?: boolean;
}

export function CopyButton({ text, label, wide = false }: CopyButtonProps) {
  const clipboard = useClipboard({ timeout: 1500 });
  const icon = clipboard.copied ? <Check size={14} aria-hidden="true" /> : <Copy size={14} aria-hidden="true" />;
  const copy = () => clipboard.copy(typeof text === 'function' ? text() : text);
  const said = clipboard.copied ? 'Copied' : label;
  if (wide) {
    return (
      <Button variant="default" size="xs" leftSection={icon} onClick={copy} aria-live="polite">
        {said}
      </Button>
    );
  }
  return (
    <ActionIcon size="sm" onClick={copy} aria-label={said} title={said}>
      {icon}
    </ActionIcon>
  );
}

/** An id, key or address that is read rarely and copied often. */
export function CopyText({ text, label }: { text: string; label: string }) {
  return (
    <span style={{ display: 'inline-flex', alignItems: 'center', gap: 4, minWidth: 0, maxWidth: '100%' }}>
      <span className="mono" style={{ overflowWrap: 'anywhere' }}>
        {text}
      </span>
      <CopyButton text={text} label={label} />
    </span>
  );
}
