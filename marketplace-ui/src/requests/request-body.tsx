import type { RequestDetail } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { BodyView } from '../components/body-view.tsx';
import { CodeBlock } from '../components/code-block.tsx';

/** The body as it came: JSON to fold, text as written, bytes as base64. */
export function RequestBody({ body }: { body: RequestDetail['body'] }) {
  if ('base64' in body) return <CodeBlock text={body.base64} label="Body, base64" maxHeight={300} />;
  return <BodyView text={body.text} label="Body" />;
}
