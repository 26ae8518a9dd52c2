import { KeyRound } from 'lucide-react';
import { CodeBlock } from '../components/code-block.tsx';
import { CopyText } from '../components/copy-button.tsx';
import { Notice } from '../destinations/notice.tsx';
import { verificationSnippet } from './verification-snippet.ts';

/** A signing secret in the one moment in which it is shown, with how the receiver checks it. */
export function SecretOnce({ secret, rotated }: { secret: string; rotated: boolean }) {
  return (
    <Notice
      role="status"
      tone="info"
      icon={KeyRound}
      title={rotated ? 'The new secret, shown only now' : 'The signing secret, shown only now'}
    >
      <p>
        Copy it to the receiver. {rotated && 'For 24 hours deliveries are signed with the old one too. '}If you lose it,
        rotate the secret.
      </p>
      <CopyText text={secret} label="Copy the secret" />
      <div style={{ justifySelf: 'stretch' }}>
        <CodeBlock label="How the receiver checks it (Node.js)" text={verificationSnippet} maxHeight={300} />
      </div>
    </Notice>
  );
}
