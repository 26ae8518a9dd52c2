import type { Installation } from '@patchbay/plugin-sdk/contract/rest/plugins';
import { Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { ArrowUpCircle, ShieldX } from 'lucide-react';
import { useNow } from '../components/clock.ts';
import { TextLink } from '../components/link.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { PageSkeleton } from '../components/skeletons.tsx';
import { FailedPage } from '../destinations/failed-page.tsx';
import { SwitchState } from '../components/status.tsx';
import { DeprecatedNotice } from '../marketplace/deprecated-notice.tsx';
import { PluginIcon } from '../marketplace/plugin-icon.tsx';
import { Notice } from '../destinations/notice.tsx';
import { AgreedTab } from './agreed-tab.tsx';
import { HeldUpdate } from './held-update.tsx';
import { InstallationActs } from './installation-acts.tsx';
import { InstallationIntegrations } from './installation-integrations.tsx';
import { installationQuery } from './installation-queries.ts';
import { InstallationSettings } from './installation-settings.tsx';
import { PublisherNotice } from './publisher-notice.tsx';
import { RoutesTab } from './routes-tab.tsx';
import { RunsTab } from './runs-tab.tsx';
import { StruckNotice } from './struck-notice.tsx';
import { installationTabs } from './routes.tsx';
import { WhatNext } from './what-next.tsx';
import classes from './installed-page.module.css';
import { offeredUpdate } from './offered-update.ts';

const route = getRouteApi('/app/installed/$id');

/** One installed plugin: what it does here, its settings, and what it was allowed. */
export function InstallationPage() {
  const { id } = route.useParams();
  const query = useQuery(installationQuery(id));
  if (query.isError)
    return (
      <FailedPage
        title="Installed plugin"
        error={query.error}
        onRetry={() => void query.refetch()}
        crumbs={[
          <TextLink key="up" to="/installed">
            Installed
          </TextLink>,
        ]}
      />
    );
  if (query.isPending) return <PageSkeleton />;
  return <InstallationBody installation={query.data} />;
}

type TabName = (typeof installationTabs)[number];

/** The tabs that mean something for this plugin; the first is where it opens. */
function tabsOf({ provides }: Installation): TabName[] {
  return [
    ...(provides.includes('deliver') ? (['routes'] as const) : []),
    ...(provides.includes('ingest') ? (['integrations'] as const) : []),
    ...(provides.includes('ingest') && !provides.includes('deliver') ? [] : (['settings'] as const)),
    'permissions',
    'runs',
  ];
}

const tabWords: Record<TabName, string> = {
  integrations: 'Integrations',
  routes: 'Routes',
  settings: 'Settings',
  permissions: 'Permissions',
  runs: 'Runs',
};

function InstallationBody({ installation }: { installation: Installation }) {
  const { tab, fresh } = route.useSearch();
  const navigate = route.useNavigate();
  const { available } = offeredUpdate(installation, useNow(15_000));
  const tabs = tabsOf(installation);
  const shown = tabs.find((name) => name === tab) ?? tabs[0] ?? 'permissions';
  const [namespace = '', name = ''] = installation.plugin.split('/');
  return (
    <>
      <PageHeader
        title={installation.name}
        heading={
          <span className={classes.title}>
            <PluginIcon src={installation.icon} size={32} /> {installation.name}
          </span>
        }
        badges={<SwitchState value={installation.state} pill />}
        crumbs={[
          <TextLink key="installed" to="/installed">
            Installed
          </TextLink>,
        ]}
        about={
          <>
            <TextLink
              to="/marketplace/$namespace/$name"
              params={{ namespace, name }}
              search={{ version: installation.version }}
            >
              <span className="mono">
                {installation.plugin} {installation.version}
              </span>
            </TextLink>{' '}
            in {installation.environment}
          </>
        }
        actions={<InstallationActs installation={installation} />}
      />
      <div className={classes.stack}>
        {fresh === 'yes' && <WhatNext installation={installation} />}
        <DeprecatedNotice deprecated={installation.deprecated}>It goes on running here.</DeprecatedNotice>
        <StruckNotice installation={installation} />
        <PublisherNotice plugin={installation.plugin} />
        {installation.state === 'quarantined' && (
          <Notice tone="danger" icon={ShieldX} title="Quarantined">
            <p>
              This version was stopped because the registry withdrew it. It does not run. Update to another version
              {installation.previousVersion !== null && ', roll back'}, or remove it.
            </p>
          </Notice>
        )}
        {available !== null && (
          <Notice tone="info" icon={ArrowUpCircle} title={`Version ${available} is out`}>
            <TextLink to="/installed/$id/update" params={{ id: installation.id }}>
              See what changes
            </TextLink>
          </Notice>
        )}
        <HeldUpdate installation={installation} />
        <Tabs
          keepMounted={false}
          value={shown}
          onChange={(next) =>
            void navigate({
              search: (before) => ({ ...before, tab: installationTabs.find((known) => known === next) }),
              replace: true,
            })
          }
        >
          <Tabs.List mb="md">
            {tabs.map((one) => (
              <Tabs.Tab key={one} value={one}>
                {tabWords[one]}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Tabs.Panel value="integrations">
            <InstallationIntegrations installation={installation} />
          </Tabs.Panel>
          <Tabs.Panel value="routes">
            <RoutesTab installation={installation} quiet={fresh === 'yes'} />
          </Tabs.Panel>
          <Tabs.Panel value="settings">
            <InstallationSettings installation={installation} />
          </Tabs.Panel>
          <Tabs.Panel value="runs">
            <RunsTab installation={installation} />
          </Tabs.Panel>
          <Tabs.Panel value="permissions">
            <AgreedTab installation={installation} />
          </Tabs.Panel>
        </Tabs>
      </div>
    </>
  );
}
