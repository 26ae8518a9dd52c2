import type { PluginDetail } from '@patchbay/plugin-sdk/contract/rest/plugins';
import { Anchor } from '@mantine/core';
import { BadgeCheck, ExternalLink } from 'lucide-react';
import { Facts } from '../components/facts.tsx';
import { Section } from '../components/section.tsx';
import { Status } from '../components/status.tsx';
import { Time } from '../components/time.tsx';
import { InstallButton } from './install-button.tsx';
import { Rating } from './plugin-card.tsx';
import { ReportButton } from './report-dialog.tsx';
import { categoryWord, providesWord } from './plugin-words.ts';
import classes from './plugin-page.module.css';

/** The panel beside a plugin's page: the act, and the facts that decide it. */
export function PluginAside({ plugin, version }: { plugin: PluginDetail; version: string | undefined }) {
  const published = plugin.versions.find((entry) => entry.version === plugin.version)?.publishedAt;
  return (
    <aside className={classes.aside} aria-label="Install and facts">
      <div className={classes.act}>
        <InstallButton plugin={plugin} version={version} />
      </div>
      <Section title="Facts">
        <Facts
          entries={[
            ['Version', <span className="mono">{plugin.version}</span>],
            ['Published', published === undefined ? undefined : <Time at={published} />],
            ['Publisher', <Publisher plugin={plugin} />],
            ['For', plugin.vendor ?? undefined],
            ['Does', plugin.provides.map(providesWord).join(', ')],
            [
              'Type',
              plugin.integrationType === null ? undefined : <span className="mono">{plugin.integrationType}</span>,
            ],
            ['Category', plugin.categories.map(categoryWord).join(', ')],
            ['Licence', plugin.licence],
            ['Installs', plugin.installs.toLocaleString('en')],
            ['Rating', <Rating rating={plugin.rating} />],
            ['Needs host', <span className="mono">{plugin.hostApi}</span>],
            ['Homepage', plugin.homepage === null ? undefined : <Outside href={plugin.homepage} />],
          ]}
        />
      </Section>
      <div>
        <ReportButton plugin={plugin} />
      </div>
    </aside>
  );
}

/** Who publishes; the badge says what it means. */
export function Publisher({ plugin }: { plugin: PluginDetail }) {
  return (
    <>
      <span className="mono">{plugin.publisher.namespace}</span>
      {plugin.publisher.firstParty && (
        <div>
          <Status word="First party" tone="neutral" icon={BadgeCheck} title="Published by the makers of Patchbay" />
        </div>
      )}
    </>
  );
}

function Outside({ href }: { href: string }) {
  return (
    <Anchor href={href} target="_blank" rel="noopener noreferrer" style={{ overflowWrap: 'anywhere' }}>
      {new URL(href).host} <ExternalLink size={12} aria-hidden="true" />
      <span className="sr-only">(opens a new tab)</span>
    </Anchor>
  );
}
