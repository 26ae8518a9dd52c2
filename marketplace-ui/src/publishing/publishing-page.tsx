import { Tabs } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { EmptyState } from '../components/empty-state.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { useMayPublish } from '../review/use-registry-role.ts';
import { HowToPublish } from './how-to-publish.tsx';
import { NamespacesTab } from './namespaces-tab.tsx';
import { OwnPlugins } from './own-plugins.tsx';
import { OwnSubmissions } from './own-submissions.tsx';
import { OwnTokens } from './own-tokens.tsx';
import classes from './publishing.module.css';
import { publishingTabs } from './routes.tsx';

const route = getRouteApi('/app/publishing');
const words: Record<(typeof publishingTabs)[number], string> = {
  plugins: 'My plugins',
  submissions: 'Submissions',
  namespaces: 'Namespaces',
  tokens: 'How to publish, tokens',
};

/** What an author has published, what became of it, and how to publish more. */
export function PublishingPage() {
  const { tab = 'plugins' } = route.useSearch();
  const navigate = route.useNavigate();
  if (!useMayPublish())
    return (
      <>
        <PageHeader title="Publish" />
        <EmptyState kind="no-right" title="Only authors publish plugins">
          Ask an admin of the registry for the role.
        </EmptyState>
      </>
    );
  return (
    <>
      <PageHeader title="Publish" about="Your plugins, and what became of what you submitted." />
      <Tabs
        keepMounted={false}
        value={tab}
        onChange={(next) =>
          void navigate({ search: { tab: publishingTabs.find((one) => one === next) }, replace: true })
        }
      >
        <Tabs.List mb="md">
          {publishingTabs.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {words[one]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="plugins">
          <OwnPlugins />
        </Tabs.Panel>
        <Tabs.Panel value="submissions">
          <OwnSubmissions />
        </Tabs.Panel>
        <Tabs.Panel value="namespaces">
          <NamespacesTab />
        </Tabs.Panel>
        <Tabs.Panel value="tokens">
          <div className={classes.stack}>
            <HowToPublish />
            <OwnTokens />
          </div>
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
