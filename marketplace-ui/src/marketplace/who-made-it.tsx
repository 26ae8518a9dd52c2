import type { PluginDetail } from '@patchbay/plugin-sdk/contract/rest/plugins';
import { BadgeCheck, CheckCircle2, TriangleAlert, UserRound } from 'lucide-react';
import { CopyText } from '../components/copy-button.tsx';
import { Facts } from '../components/facts.tsx';
import { Section } from '../components/section.tsx';
import { Status } from '../components/status.tsx';
import { Time } from '../components/time.tsx';
import { count } from '../consent/words.ts';

/** Who publishes a plugin, and what was verified about it: facts only, each said in words. */
export function WhoMadeIt({ plugin }: { plugin: PluginDetail }) {
  const passed = plugin.checks.filter(({ outcome }) => outcome === 'passed').length;
  const published = plugin.versions.find(({ version }) => version === plugin.version)?.publishedAt;
  return (
    <Section title="Who made it">
      <Facts
        entries={[
          [
            'Publisher',
            <>
              <span className="mono">{plugin.publisher.namespace}</span>{' '}
              {plugin.publisher.firstParty ? (
                <Status word="First party: the makers of Patchbay" tone="good" icon={BadgeCheck} />
              ) : (
                <Status word="Third party: not the makers of Patchbay" tone="caution" icon={UserRound} />
              )}
            </>,
          ],
          ['Signed by', <CopyText text={plugin.signedBy.author} label="Copy the author’s key" />],
          [
            'Approved by',
            <>
              <CopyText text={plugin.signedBy.registry} label="Copy the registry’s key" />
              {published !== undefined && (
                <div>
                  <Time at={published} />
                </div>
              )}
            </>,
          ],
          [
            'Checks',
            passed === plugin.checks.length && passed > 0 ? (
              <Status word={`All ${count(passed, 'check')} passed`} tone="good" icon={CheckCircle2} />
            ) : (
              <Status
                word={`${passed} of ${count(plugin.checks.length, 'check')} passed`}
                tone="caution"
                icon={TriangleAlert}
              />
            ),
          ],
          ['Licence', plugin.licence],
        ]}
      />
    </Section>
  );
}
