import type { Installation } from '@patchbay/plugin-sdk/contract/rest/plugins';
import { useQuery } from '@tanstack/react-query';
import { Actor } from '../components/actor.tsx';
import { Section } from '../components/section.tsx';
import { Time } from '../components/time.tsx';
import { ConsentList } from '../consent/consent-list.tsx';
import { agreedLines, permissionLines } from '../consent/permission-lines.ts';
import { pluginQuery } from '../marketplace/plugin-queries.ts';
import { ProofOfImports } from '../marketplace/proof-of-imports.tsx';
import classes from './installed-page.module.css';

/** What was agreed to, by whom and when, and what the module can do at all. */
export function AgreedTab({ installation }: { installation: Installation }) {
  const plugin = useQuery(pluginQuery(installation.plugin, installation.version));
  // In the words of the consent screen while the manifest is at hand that was agreed to, else in the host's.
  const same = plugin.data?.consent.digest === installation.consent.digest ? plugin.data : undefined;
  const lines =
    same === undefined ? agreedLines(installation.consent) : permissionLines(same, installation.configuration);
  return (
    <div className={classes.stack}>
      <Section title="What it was allowed">
        <p className={classes.agreed}>
          Agreed to by <Actor name={installation.installedBy} /> <Time at={installation.installedAt} />. The host
          enforces it on every request.
        </p>
        <ConsentList lines={lines} />
      </Section>
      {plugin.data !== undefined && (
        <Section title="What it can do at all">
          <ProofOfImports imports={plugin.data.imports} />
        </Section>
      )}
    </div>
  );
}
