import type { Integration } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { Button, Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { CircleSlash, Send } from 'lucide-react';
import { useState } from 'react';
import { useHasRole } from '../api/session.ts';
import { TextLink } from '../components/link.tsx';
import { notifyDone, notifyFailed } from '../components/notify.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { PageSkeleton } from '../components/skeletons.tsx';
import { FailedPage } from '../destinations/failed-page.tsx';
import { DeprecatedNotice } from '../marketplace/deprecated-notice.tsx';
import { installationsQuery } from '../installed/installation-queries.ts';
import { SwitchState } from '../components/status.tsx';
import { Notice } from '../destinations/notice.tsx';
import { RulesTab } from '../event-rules/rules-tab.tsx';
import { ConnectTab } from './connect-tab.tsx';
import { integrationQuery, useChangeIntegration } from './integration-queries.ts';
import { IntegrationSettings } from './integration-settings.tsx';
import { integrationTabs } from './routes.tsx';
import { RequestsTab } from './requests-tab.tsx';
import { WatchNotices } from './watch-notices.tsx';
import { TestEventDialog } from './test-event-dialog.tsx';

const route = getRouteApi('/app/integrations/$id');

/** One integration: where to send, what came in, and its settings. */
export function IntegrationPage() {
  const { id } = route.useParams();
  const query = useQuery(integrationQuery(id));
  if (query.isError)
    return (
      <FailedPage
        title="Integration"
        error={query.error}
        onRetry={() => void query.refetch()}
        crumbs={[
          <TextLink key="up" to="/integrations">
            Integrations
          </TextLink>,
        ]}
      />
    );
  if (query.isPending) return <PageSkeleton />;
  return <IntegrationBody key={id} integration={query.data} />;
}

function IntegrationBody({ integration }: { integration: Integration }) {
  const search = route.useSearch();
  // Decided once, so that the first request to arrive does not turn the page under who reads it.
  const [home] = useState(integration.lastRequestAt === null ? 'connect' : 'requests');
  const tab = search.tab ?? home;
  const navigate = route.useNavigate();
  const [testing, setTesting] = useState(false);
  const mayChange = useHasRole('member');
  return (
    <>
      <PageHeader
        title={integration.name}
        badges={<SwitchState value={integration.state} pill />}
        crumbs={[
          <TextLink key="integrations" to="/integrations">
            Integrations
          </TextLink>,
        ]}
        about={
          <>
            <span className="mono">{integration.type}</span> for{' '}
            <TextLink to="/services/$id" params={{ id: integration.serviceId }}>
              {integration.serviceName}
            </TextLink>{' '}
            in {integration.environment}.{' '}
            <TextLink to="/incidents" search={{ integrationId: integration.id }}>
              Its incidents
            </TextLink>
          </>
        }
        actions={
          mayChange && (
            <>
              <SwitchButton integration={integration} />
              <Button leftSection={<Send size={14} aria-hidden="true" />} onClick={() => setTesting(true)}>
                Send a test event
              </Button>
            </>
          )
        }
      />
      {integration.state === 'disabled' && (
        <Notice tone="neutral" icon={CircleSlash} title="Switched off">
          <p>
            Every request is refused with <span className="mono">INTEGRATION_DISABLED</span> until you enable it.
          </p>
        </Notice>
      )}
      <DeprecatedPlugin type={integration.type} />
      <WatchNotices integration={integration} />
      <Tabs
        keepMounted={false}
        value={tab}
        onChange={(next) =>
          void navigate({
            search: (before) => ({ ...before, tab: integrationTabs.find((known) => known === next) }),
            replace: true,
          })
        }
      >
        <Tabs.List mb="md" mt="sm">
          <Tabs.Tab value="requests">Requests</Tabs.Tab>
          <Tabs.Tab value="connect">Connect a sender</Tabs.Tab>
          <Tabs.Tab value="rules">{rulesTitle(integration)}</Tabs.Tab>
          <Tabs.Tab value="settings">Settings</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="requests">
          <RequestsTab integration={integration} />
        </Tabs.Panel>
        <Tabs.Panel value="connect">
          <ConnectTab integration={integration} />
        </Tabs.Panel>
        <Tabs.Panel value="rules">
          <RulesTab integration={integration} />
        </Tabs.Panel>
        <Tabs.Panel value="settings">
          <IntegrationSettings integration={integration} />
        </Tabs.Panel>
      </Tabs>
      {testing && <TestEventDialog integration={integration} onClose={() => setTesting(false)} />}
    </>
  );
}

function rulesTitle({ rules }: Integration): string {
  return rules.length === 0 ? 'Rules' : `Rules (${rules.length})`;
}

/** What its plugin's author says of the plugin; nothing while it is looked after. */
function DeprecatedPlugin({ type }: { type: string }) {
  const query = useQuery(installationsQuery);
  const plugin = query.data?.find(({ integrationType }) => integrationType === type);
  return (
    <DeprecatedNotice deprecated={plugin?.deprecated ?? null}>
      That is the plugin behind this integration; it goes on running.
    </DeprecatedNotice>
  );
}

function SwitchButton({ integration }: { integration: Integration }) {
  const change = useChangeIntegration(integration.id);
  const next = integration.state === 'enabled' ? 'disabled' : 'enabled';
  return (
    <Button
      variant="default"
      loading={change.isPending}
      onClick={() =>
        change.mutate(
          { state: next },
          {
            onSuccess: () => notifyDone(`“${integration.name}” ${next}`),
            onError: (error) => notifyFailed(`“${integration.name}” could not be ${next}`, error),
          },
        )
      }
    >
      {next === 'enabled' ? 'Enable' : 'Disable'}
    </Button>
  );
}
