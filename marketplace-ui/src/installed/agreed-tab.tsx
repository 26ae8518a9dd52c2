import type { Installation } from '@patchbay/plugin-sdk/contract/rest/plugins';
import { useQuery } from '@tanstack/react-query';
import { Section } from '../components/section.tsx';
import { Time } from '../components/time.tsx';
import { ConsentList } from '../consent/consent-list.tsx';
import { agreedLines } from '../consent/permission-lines.ts';
import { pluginQuery } from '../marketplace/plugin-queries.ts';
import { ProofOfImports } from '../marketplace/proof-of-imports.tsx';
import classes from './installed-page.module.css';

/** What was agreed to, by whom and when, and what the module can do at all. */
export function AgreedTab({ installation }: { installation: Installation }) {
  const plugin = useQuery(pluginQuery(installation.plugin, installation.version));
  return (
    <div className={classes.stack}>
      <Section title="What it was allowed">
        <p className={classes.agreed}>
          Agreed to by {installation.installedBy} <Time at={installation.installedAt} />. The host enforces it on every
          request.
        </p>
        <ConsentList lines={agreedLines(installation.consent)} />
      </Section>
      {plugin.data !== undefined && (
        <Section title="What it can do at all">
          <ProofOfImports imports={plugin.data.imports} />
        </Section>
      )}
    </div>
  );
}
