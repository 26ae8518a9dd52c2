import type { PluginDetail } from '@patchbay/plugin-sdk/contract/rest/plugins';
import { Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { TextLink } from '../components/link.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { Section } from '../components/section.tsx';
import { PageSkeleton } from '../components/skeletons.tsx';
import { FailedPage } from '../destinations/failed-page.tsx';
import { ConsentList } from '../consent/consent-list.tsx';
import { permissionLines } from '../consent/permission-lines.ts';
import { DeprecatedNotice } from './deprecated-notice.tsx';
import { PluginAside } from './plugin-aside.tsx';
import { PluginIcon } from './plugin-icon.tsx';
import { pluginQuery } from './plugin-queries.ts';
import { ProofOfImports } from './proof-of-imports.tsx';
import { Readme } from './readme.tsx';
import { pluginTabs } from './routes.tsx';
import { SecurityTab } from './security-tab.tsx';
import { VersionsTab } from './versions-tab.tsx';
import classes from './plugin-page.module.css';

const route = getRouteApi('/app/marketplace/$namespace/$name');

/** One plugin: what it is, what it may do, its versions, and why it can be trusted. */
export function PluginPage() {
  const { namespace, name } = route.useParams();
  const { version } = route.useSearch();
  const query = useQuery(pluginQuery(`${namespace}/${name}`, version));
  if (query.isError)
    return (
      <FailedPage
        title="Plugin"
        error={query.error}
        onRetry={() => void query.refetch()}
        crumbs={[
          <TextLink key="up" to="/marketplace">
            Marketplace
          </TextLink>,
        ]}
      />
    );
  if (query.isPending) return <PageSkeleton />;
  return <PluginBody plugin={query.data} version={version} />;
}

function PluginBody({ plugin, version }: { plugin: PluginDetail; version: string | undefined }) {
  const { tab = 'overview' } = route.useSearch();
  const navigate = route.useNavigate();
  const lines = permissionLines(plugin, {});
  return (
    <>
      <PageHeader
        title={plugin.name}
        heading={
          <span className={classes.title}>
            <PluginIcon src={plugin.icon} size={32} /> {plugin.name}
          </span>
        }
        crumbs={[
          <TextLink key="marketplace" to="/marketplace">
            Marketplace
          </TextLink>,
        ]}
        about={plugin.summary}
      />
      <DeprecatedNotice deprecated={plugin.deprecated}>
        It can still be installed, and goes on running where it is.
      </DeprecatedNotice>
      <div className={classes.columns}>
        <Tabs
          className={classes.main ?? ''}
          value={tab}
          onChange={(next) =>
            void navigate({
              search: (before) => ({ ...before, tab: pluginTabs.find((known) => known === next) }),
              replace: true,
            })
          }
        >
          <Tabs.List mb="md">
            <Tabs.Tab value="overview">Overview</Tabs.Tab>
            <Tabs.Tab value="permissions">Permissions ({lines.length})</Tabs.Tab>
            <Tabs.Tab value="versions">Versions ({plugin.versions.length})</Tabs.Tab>
            <Tabs.Tab value="security">Security</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="overview">
            <Section title="About this plugin">
              {plugin.readme === '' ? 'Its author wrote no README.' : <Readme text={plugin.readme} />}
            </Section>
          </Tabs.Panel>
          <Tabs.Panel value="permissions">
            <div className={classes.stack}>
              <Section title="What it may do" hint={`version ${plugin.version}`}>
                <ConsentList lines={lines} />
              </Section>
              <Section title="What it can do at all">
                <ProofOfImports imports={plugin.imports} />
              </Section>
            </div>
          </Tabs.Panel>
          <Tabs.Panel value="versions">
            <VersionsTab plugin={plugin} />
          </Tabs.Panel>
          <Tabs.Panel value="security">
            <SecurityTab plugin={plugin} />
          </Tabs.Panel>
        </Tabs>
        <PluginAside plugin={plugin} version={version} />
      </div>
    </>
  );
}
