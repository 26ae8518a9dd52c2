import type { OwnPlugin } from '@patchbay/plugin-sdk/contract/rest/registry';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { DataTable } from '../components/data-table.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { TextLink } from '../components/link.tsx';
import { notifyDone, notifyFailed } from '../components/notify.tsx';
import { Section } from '../components/section.tsx';
import { TableSkeleton } from '../components/skeletons.tsx';
import { Status } from '../components/status.tsx';
import { Time } from '../components/time.tsx';
import { count } from '../consent/words.ts';
import { Replacement } from '../marketplace/deprecated-notice.tsx';
import { releaseLooks } from '../review/submission-state.tsx';
import { DeprecateDialog } from './deprecate-dialog.tsx';
import { HowToPublish } from './how-to-publish.tsx';
import { OwnErrors } from './own-errors.tsx';
import { ownPluginsQuery, useDeprecate, useYank } from './publishing-queries.ts';
import { YankDialog } from './yank-dialog.tsx';
import classes from './publishing.module.css';

type Version = OwnPlugin['versions'][number];

/** One's own plugins with every version, and how often each is installed. */
export function OwnPlugins() {
  const query = useQuery(ownPluginsQuery);
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (query.isPending) return <TableSkeleton rows={4} />;
  if (query.data.items.length === 0) return <HowToPublish />;
  return (
    <div className={classes.stack}>
      {query.data.items.map((plugin) => (
        <PluginVersions key={plugin.plugin} plugin={plugin} />
      ))}
      <OwnErrors />
    </div>
  );
}

function PluginVersions({ plugin }: { plugin: OwnPlugin }) {
  const [yanking, setYanking] = useState<Version | null>(null);
  const [deprecating, setDeprecating] = useState(false);
  const deprecate = useDeprecate(plugin.plugin);
  const [namespace = '', name = ''] = plugin.plugin.split('/');
  const yank = useYank(plugin.plugin);
  return (
    <Section
      title={plugin.name}
      hint={
        <>
          <TextLink to="/marketplace/$namespace/$name" params={{ namespace, name }}>
            {plugin.plugin}
          </TextLink>{' '}
          {plugin.deprecated !== null && <Status word="Deprecated" tone="caution" icon={TriangleAlert} />}{' '}
          {count(plugin.installs, 'installation')}
        </>
      }
      actions={
        plugin.deprecated === null ? (
          <Button
            size="xs"
            variant="default"
            aria-label={`Deprecate ${plugin.name}`}
            onClick={() => setDeprecating(true)}
          >
            Deprecate
          </Button>
        ) : (
          <Button
            size="xs"
            variant="default"
            aria-label={`Undo the deprecation of ${plugin.name}`}
            loading={deprecate.isPending}
            onClick={() =>
              deprecate.mutate(null, {
                onSuccess: () => notifyDone(`${plugin.name} is no longer deprecated`),
                onError: (error) => notifyFailed(`${plugin.name} is still deprecated`, error),
              })
            }
          >
            Undo the deprecation
          </Button>
        )
      }
      flush
    >
      {plugin.deprecated !== null && (
        <div className={classes.below}>
          {plugin.deprecated.message} <Replacement deprecated={plugin.deprecated} />
        </div>
      )}
      <DataTable
        inset
        label={`Versions of ${plugin.name}`}
        rows={plugin.versions}
        rowKey={({ version }) => version}
        columns={[
          {
            key: 'version',
            header: 'Version',
            card: 'title',
            cell: ({ version }) => <span className="mono">{version}</span>,
          },
          {
            key: 'state',
            header: 'State',
            cell: ({ state, reason }) => (
              <>
                <Status {...releaseLooks[state]} /> {reason !== null && <span className={classes.quiet}>{reason}</span>}
              </>
            ),
          },
          {
            key: 'installs',
            header: 'Installed',
            width: '110px',
            align: 'end',
            card: 'labelled',
            cell: ({ installs }) => <span className="tabular">{installs}</span>,
          },
          {
            key: 'published',
            header: 'Published',
            width: '130px',
            muted: true,
            card: 'labelled',
            cell: ({ publishedAt }) => <Time at={publishedAt} />,
          },
          {
            key: 'act',
            header: 'Act',
            headerHidden: true,
            width: '130px',
            cell: (version) =>
              version.state === 'published' ? (
                <Button
                  size="xs"
                  variant="default"
                  aria-label={`Yank ${version.version}`}
                  onClick={() => setYanking(version)}
                >
                  Yank
                </Button>
              ) : version.state === 'yanked' ? (
                <Button
                  size="xs"
                  variant="default"
                  aria-label={`Offer ${version.version} again`}
                  onClick={() =>
                    yank.mutate(
                      { version: version.version, reason: null },
                      {
                        onSuccess: () => notifyDone(`${version.version} is offered again`),
                        onError: (error) => notifyFailed(`${version.version} could not be offered again`, error),
                      },
                    )
                  }
                >
                  Offer again
                </Button>
              ) : null,
          },
        ]}
      />
      {deprecating && <DeprecateDialog plugin={plugin} onClose={() => setDeprecating(false)} />}
      {yanking !== null && <YankDialog plugin={plugin.plugin} version={yanking} onClose={() => setYanking(null)} />}
    </Section>
  );
}
