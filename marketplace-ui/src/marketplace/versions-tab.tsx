import type { PluginDetail } from '@patchbay/plugin-sdk/contract/rest/plugins';
import { Ban, CheckCircle2, CircleSlash, Clock } from 'lucide-react';
import { DataTable, RowLink } from '../components/data-table.tsx';
import { Section } from '../components/section.tsx';
import { Status } from '../components/status.tsx';
import { Time } from '../components/time.tsx';
import { Readme } from './readme.tsx';
import classes from './plugin-page.module.css';

/** Every version with its state; a version's link shows the page as of that version. */
export function VersionsTab({ plugin }: { plugin: PluginDetail }) {
  const [namespace = '', name = ''] = plugin.id.split('/');
  return (
    <div className={classes.stack}>
      <Section title="Versions" hint="A version never changes after it is published" flush>
        <DataTable
          inset
          label="Versions"
          rows={plugin.versions}
          rowKey={({ version }) => version}
          columns={[
            {
              key: 'version',
              header: 'Version',
              card: 'title',
              cell: ({ version }) => (
                <RowLink
                  to="/marketplace/$namespace/$name"
                  params={{ namespace, name }}
                  search={{ version, tab: 'versions' as const }}
                  aria-current={version === plugin.version ? 'true' : undefined}
                >
                  <span className="mono">{version}</span>
                  {version === plugin.version && ' (shown)'}
                </RowLink>
              ),
            },
            { key: 'state', header: 'State', cell: ({ state }) => <VersionState state={state} /> },
            {
              key: 'published',
              header: 'Published',
              muted: true,
              cell: ({ publishedAt }) => <Time at={publishedAt} />,
            },
          ]}
        />
      </Section>
      {plugin.changelog !== null && (
        <Section title="What changed">
          <Readme text={plugin.changelog} />
        </Section>
      )}
    </div>
  );
}

function VersionState({ state }: { state: string }) {
  switch (state) {
    case 'published':
      return <Status word="Published" tone="good" icon={CheckCircle2} />;
    case 'yanked':
      return <Status word="Yanked: not offered any more" tone="caution" icon={CircleSlash} />;
    case 'revoked':
      return <Status word="Revoked: runs nowhere" tone="danger" icon={Ban} />;
    default:
      return <Status word={state} tone="neutral" icon={Clock} />;
  }
}
