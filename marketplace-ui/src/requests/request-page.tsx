import { Button, Table } from '@mantine/core';
import type { RequestDetail } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { RotateCw } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useHasRole } from '../api/session.ts';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { CopyButton, CopyText } from '../components/copy-button.tsx';
import { DetailDrawer } from '../components/detail-drawer.tsx';
import { ErrorCode } from '../components/error-code.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { Facts } from '../components/facts.tsx';
import { TextLink } from '../components/link.tsx';
import { InlineError } from '../components/inline-error.tsx';
import { LogLines } from '../components/log-lines.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { Section } from '../components/section.tsx';
import { useSingleKey } from '../components/single-keys.ts';
import { PageSkeleton } from '../components/skeletons.tsx';
import { RequestStatus, Severity } from '../components/status.tsx';
import { Time } from '../components/time.tsx';
import { Trace } from '../components/trace.tsx';
import { RequestBody } from './request-body.tsx';
import { PluginLink, RequestFacts } from './request-facts.tsx';
import { integrationQuery } from '../integrations/integration-queries.ts';
import { requestLine } from './request-line.ts';
import { requestQuery, useReplayRequest, useRevealRequest } from './request-queries.ts';
import layout from '../components/detail-layout.module.css';
import classes from './request-page.module.css';

const route = getRouteApi('/app/requests/$id');

export function RequestPage() {
  const { id } = route.useParams();
  const request = useQuery(requestQuery(id));
  if (request.data) return <RequestView request={request.data} />;
  if (request.error) {
    return (
      <>
        <PageHeader title="Request" />
        <ErrorState error={request.error} onRetry={() => void request.refetch()} />
      </>
    );
  }
  return <PageSkeleton />;
}

/** What became of the request, in one sentence. */
function meaningOf(request: RequestDetail): string {
  // A slow plugin judges after the door has answered.
  const told = request.status === 400 ? ', and the sender was told so' : '; the sender had its answer before';
  return request.state === 'invalid' ? `Its payload was not understood${told}.` : meanings[request.state];
}

const meanings: Record<Exclude<RequestDetail['state'], 'invalid'>, string> = {
  accepted: 'Its events are stored.',
  ignored: 'Understood, and nothing came of it: there was no event in it, or a rule dropped it.',
  refused: 'It was refused before any plugin ran.',
  pending: 'Its plugin or a rule failed or was slow. It is tried again by itself.',
  dead: 'No attempt succeeded. Fix the plugin, its settings or the rules, then replay.',
};

function RequestView({ request }: { request: RequestDetail }) {
  const [step, setStep] = useState<string | null>(null);
  const [asking, setAsking] = useState(false);
  const replay = useReplayRequest(request.id);
  const mayReplay = useHasRole('member') && request.state !== 'refused';
  const navigate = useNavigate();
  const integration = useQuery(integrationQuery(request.integrationId));
  const line = requestLine(request);
  const failed = request.code !== null || request.issues.length > 0;

  useSingleKey('r', () => {
    if (mayReplay) setAsking(true);
  });

  const open = (id: string) => {
    if (id.startsWith('incident:')) void navigate({ to: '/incidents/$id', params: { id: id.slice(9) } });
    else setStep(id);
  };

  return (
    <>
      <PageHeader
        title="Request"
        badges={<RequestStatus value={request.state} pill />}
        crumbs={[
          <TextLink to="/integrations" inherit>
            Integrations
          </TextLink>,
          <TextLink to="/integrations/$id" params={{ id: request.integrationId }} inherit>
            {integration.data?.name ?? 'this integration'}
          </TextLink>,
        ]}
        about={
          <>
            Received <Time at={request.receivedAt} />, answered {request.status}. {meaningOf(request)}
          </>
        }
        actions={
          mayReplay && (
            <Button
              variant={request.state === 'dead' ? 'filled' : 'default'}
              leftSection={<RotateCw size={15} />}
              onClick={() => setAsking(true)}
              aria-keyshortcuts="r"
            >
              Replay
            </Button>
          )
        }
      />
      {failed && (
        <div className={classes.why}>
          <ErrorCode code={request.code} message={request.reason} />
          <Issues issues={request.issues} />
        </div>
      )}
      {!failed && request.reason !== null && <p className={classes.reason}>{request.reason}</p>}
      <Section title="The line" hint="From the request to the incident. Press a step for its details." flush>
        <Trace label="Path of this request" stages={line.stages} cables={line.cables} current={step} onOpen={open} />
      </Section>
      <div className={layout.columns}>
        <div className={layout.stack}>
          <Content request={request} />
          {request.plugin !== null && request.state !== 'refused' && (
            <Section title="Log of the plugin">
              <LogLines logs={request.logs} label="Log of the plugin" />
            </Section>
          )}
        </div>
        <Section title="Facts">
          <RequestFacts request={request} />
        </Section>
      </div>
      <DetailDrawer
        title={step === null ? null : step.startsWith('event:') ? 'Event' : step === 'plugin' ? 'Plugin' : 'Request'}
        onClose={() => setStep(null)}
      >
        {step !== null && stepBody(request, step)}
      </DetailDrawer>
      <ConfirmDialog
        opened={asking}
        title="Replay this request"
        act="Replay"
        busy={replay.isPending}
        error={replay.error}
        onConfirm={() => replay.mutate(undefined, { onSuccess: () => setAsking(false) })}
        onClose={() => setAsking(false)}
      >
        The stored body goes through the installed version of the plugin again, with its time of receipt. Events that
        exist already change nothing.
      </ConfirmDialog>
    </>
  );
}

/** Body, headers and query: without secrets, unless a member asks for them. */
function Content({ request }: { request: RequestDetail }) {
  const reveal = useRevealRequest(request.id);
  const mayReveal = useHasRole('member') && request.redacted;
  const { body, headers, query } = reveal.data ?? request;
  return (
    <>
      <Section
        title="Body"
        hint={!request.redacted ? undefined : reveal.data ? 'With its secrets, as it came' : 'Secrets in it are hidden'}
        actions={
          mayReveal && (
            <Button
              variant="default"
              size="compact-xs"
              aria-pressed={reveal.data !== undefined}
              loading={reveal.isPending}
              onClick={() => (reveal.data ? reveal.reset() : reveal.mutate())}
            >
              {reveal.data ? 'Hide the secrets' : 'Show the secrets'}
            </Button>
          )
        }
      >
        <InlineError error={reveal.error} />
        {request.state === 'refused' ? (
          <p className={classes.notKept}>What is refused at the door is not kept: its body may be anybody’s.</p>
        ) : (
          <RequestBody body={body} />
        )}
      </Section>
      <Section
        title="Headers"
        hint="Credentials are not kept"
        flush
        actions={<CopyButton text={() => JSON.stringify(headers, null, 2)} label="Copy headers" />}
      >
        <Pairs label="Headers" pairs={Object.entries(headers)} />
      </Section>
      {Object.keys(query).length > 0 && (
        <Section title="Query" flush>
          <Pairs label="Query" pairs={Object.entries(query).map(([name, values]) => [name, values.join(', ')])} />
        </Section>
      )}
    </>
  );
}

function stepBody(request: RequestDetail, step: string): ReactNode {
  const event = request.events.find((one) => `event:${one.id}` === step);
  if (event) {
    return (
      <Facts
        entries={[
          ['Action', event.action],
          ['Effect', event.effect],
          ['Severity', event.severity ? <Severity value={event.severity} /> : undefined],
          ['Summary', event.summary ?? undefined],
          ['Key', <CopyText text={event.dedupKey} label="Copy key" />],
          [
            'Incident',
            event.incidentId ? (
              <TextLink to="/incidents/$id" params={{ id: event.incidentId }}>
                Open the incident
              </TextLink>
            ) : undefined,
          ],
          ['Id', <CopyText text={event.id} label="Copy event id" />],
        ]}
      />
    );
  }
  if (step === 'plugin' && request.plugin !== null) {
    return (
      <>
        <Facts
          entries={[
            ['Plugin', <PluginLink plugin={request.plugin} version={request.pluginVersion} />],
            ['Attempts', request.attempts],
          ]}
        />
        <div style={{ marginTop: 16 }}>
          <LogLines logs={request.logs} label="Log of the plugin, in the drawer" />
        </div>
      </>
    );
  }
  return <RequestFacts request={request} />;
}

/** Where in the body the plugin stumbled. */
function Issues({ issues }: { issues: RequestDetail['issues'] }) {
  if (issues.length === 0) return null;
  return (
    <ul className={classes.issues} aria-label="Issues">
      {issues.map((issue, at) => (
        <li key={at}>
          <code className="mono">{issue.path || 'body'}</code>
          <span>{issue.message}</span>
        </li>
      ))}
    </ul>
  );
}

function Pairs({ label, pairs }: { label: string; pairs: [string, string][] }) {
  return (
    <Table aria-label={label} verticalSpacing={6} horizontalSpacing="md">
      <Table.Tbody>
        {pairs.map(([name, value]) => (
          <Table.Tr key={name}>
            <Table.Th scope="row" className={`${classes.name} mono`}>
              {name}
            </Table.Th>
            <Table.Td className={`${classes.value} mono`}>{value}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
