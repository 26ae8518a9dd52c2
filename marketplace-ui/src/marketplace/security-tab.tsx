import type { PluginDetail } from '@patchbay/plugin-sdk/contract/rest/plugins';
import { CheckCircle2, CircleX, TriangleAlert } from 'lucide-react';
import { CopyText } from '../components/copy-button.tsx';
import { Facts } from '../components/facts.tsx';
import { Section } from '../components/section.tsx';
import { Status } from '../components/status.tsx';
import { count } from '../consent/words.ts';
import { ProofOfImports } from './proof-of-imports.tsx';
import classes from './plugin-page.module.css';
import checks from './security-tab.module.css';

/** Why this package can be trusted, as facts that a reader can check. */
export function SecurityTab({ plugin }: { plugin: PluginDetail }) {
  return (
    <div className={classes.stack}>
      <Section title="Signatures and digest">
        <Facts
          entries={[
            ['Signed by author', <CopyText text={plugin.signedBy.author} label="Copy the author’s key" />],
            ['Countersigned', <CopyText text={plugin.signedBy.registry} label="Copy the registry’s key" />],
            ['SHA-256', <CopyText text={plugin.sha256} label="Copy the digest" />],
          ]}
        />
        <p className={checks.about}>
          The author signs the exact bytes of the package; the registry signs again when it approves them. This host
          checks both before it installs and before it runs the module.
        </p>
      </Section>
      <Checks plugin={plugin} />
      <Section title="Imports of the module">
        <ProofOfImports imports={plugin.imports} />
      </Section>
    </div>
  );
}

function Checks({ plugin }: { plugin: PluginDetail }) {
  const passed = plugin.checks.filter(({ outcome }) => outcome === 'passed').length;
  return (
    <Section title="Checks" hint={`${passed} of ${count(plugin.checks.length, 'check')} passed`}>
      {plugin.checks.length === 0 ? (
        'The registry sent no check results for this version.'
      ) : (
        <ul className={checks.list}>
          {plugin.checks.map((check) => (
            <li key={check.name}>
              <CheckOutcome outcome={check.outcome} />
              <span className="mono">{check.name}</span>
              <span>{check.summary}</span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

export function CheckOutcome({ outcome }: { outcome: PluginDetail['checks'][number]['outcome'] }) {
  switch (outcome) {
    case 'passed':
      return <Status word="Passed" tone="good" icon={CheckCircle2} />;
    case 'failed':
      return <Status word="Failed" tone="danger" icon={CircleX} />;
    case 'errored':
      return <Status word="Did not run" tone="caution" icon={TriangleAlert} />;
  }
}
