import type { RequestDetail } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { CopyText } from '../components/copy-button.tsx';
import { Facts } from '../components/facts.tsx';
import { TextLink } from '../components/link.tsx';
import { HttpStatus, RequestStatus } from '../components/status.tsx';
import { byteWords, durationWords } from '../components/time-words.ts';
import { Nothing, Time } from '../components/time.tsx';

/** What is known of a request apart from its content. */
export function RequestFacts({ request }: { request: RequestDetail }) {
  return (
    <Facts
      entries={[
        ['State', <RequestStatus value={request.state} />],
        ['Answer', <HttpStatus value={request.status} />],
        ['Received', <Time at={request.receivedAt} exact />],
        ['Took', durationWords(request.durationMs)],
        ['From', <span className="mono">{request.remoteAddress}</span>],
        ['Body', bodyWords(request)],
        [
          'Integration',
          <TextLink to="/integrations/$id" params={{ id: request.integrationId }} className="mono">
            {request.integrationId}
          </TextLink>,
        ],
        [
          'Plugin',
          request.plugin && request.state !== 'refused' ? (
            <PluginLink plugin={request.plugin} version={request.pluginVersion} />
          ) : (
            <Nothing word="did not run" />
          ),
        ],
        ['Attempts', request.attempts],
        ['Id', <CopyText text={request.id} label="Copy request id" />],
      ]}
    />
  );
}

function bodyWords({ method, contentType, state, bodyBytes }: RequestDetail): string {
  const size = state === 'refused' ? 'not kept' : byteWords(bodyBytes);
  return `${method}, ${contentType || 'no content type'}, ${size}`;
}

export function PluginLink({ plugin, version }: { plugin: string; version: string | null }) {
  const [namespace = '', name = ''] = plugin.split('/');
  return (
    <>
      <TextLink to="/marketplace/$namespace/$name" params={{ namespace, name }}>
        {plugin}
      </TextLink>{' '}
      <span className="mono">{version}</span>
    </>
  );
}
