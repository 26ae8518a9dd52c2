import { Alert } from '@mantine/core';
import { KeyRound } from 'lucide-react';
import { CodeBlock } from '../components/code-block.tsx';
import { CopyText } from '../components/copy-button.tsx';
import { verificationSnippet } from './verification-snippet.ts';

/** A signing secret in the one moment in which it is shown, with how the receiver checks it. */
export function SecretOnce({ secret, rotated }: { secret: string; rotated: boolean }) {
  return (
    <Alert
      role="status"
      variant="light"
      color="gray"
      icon={<KeyRound size={18} />}
      title={rotated ? 'The new secret, shown only now' : 'The signing secret, shown only now'}
    >
      <p style={{ margin: '0 0 8px' }}>
        Copy it to the receiver. {rotated && 'Deliveries are signed with the old one too until its overlap ends. '}If
        you lose it, rotate the secret.
      </p>
      <p style={{ margin: '0 0 12px' }}>
        <CopyText text={secret} label="Copy the secret" />
      </p>
      <CodeBlock label="How the receiver checks it (Node.js)" text={verificationSnippet} maxHeight={300} />
    </Alert>
  );
}
