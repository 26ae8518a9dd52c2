import type { Integration } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Eye, EyeOff } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { CodeBlock } from '../components/code-block.tsx';
import { CopyButton, CopyText } from '../components/copy-button.tsx';
import { Facts } from '../components/facts.tsx';
import { TextLink } from '../components/link.tsx';
import { Section } from '../components/section.tsx';
import { installationQuery } from '../installed/installation-queries.ts';
import { pluginQuery } from '../marketplace/plugin-queries.ts';
import { mask, MaskedCode } from './masked-code.tsx';
import classes from './integration-page.module.css';

/** What to enter at the sender. */
export function ConnectTab({ integration }: { integration: Integration }) {
  const [shown, setShown] = useState(false);
  const { key, sampleCurl } = integration;
  return (
    <div className={classes.stack} style={{ maxWidth: 860 }}>
      <Section title="Enter this at the sender">
        <Facts
          entries={[
            ['URL', <CopyText text={integration.url} label="Copy the URL" />],
            [
              'Key',
              key === null ? (
                'Members of this group can see the key.'
              ) : (
                <span className={classes.keyRow}>
                  <span className="mono">{shown ? key : mask}</span>
                  <Button
                    variant="default"
                    size="compact-xs"
                    aria-pressed={shown}
                    leftSection={shown ? <EyeOff size={12} aria-hidden="true" /> : <Eye size={12} aria-hidden="true" />}
                    onClick={() => setShown(!shown)}
                  >
                    {shown ? 'Hide the key' : 'Show the key'}
                  </Button>
                  <CopyButton text={key} label="Copy the key" />
                </span>
              ),
            ],
            ['Signature', <SignatureInWords integration={integration} />],
          ]}
        />
        <p className={classes.muted}>
          The key goes into the header <span className="mono">Authorization: Bearer KEY</span>. A sender that can set no
          header adds <span className="mono">&key=KEY</span> to the URL.
          <SetUpSteps integration={integration} />
        </p>
      </Section>
      {sampleCurl !== null && (
        <MaskedCode label="curl, to try it from a terminal" text={sampleCurl} secret={key} shown={shown} />
      )}
      <SenderTemplate integration={integration} />
    </div>
  );
}

/** The plugin's own page says where at the sender URL and key go. */
function SetUpSteps({ integration }: { integration: Integration }) {
  const { data } = useQuery(installationQuery(integration.installationId));
  const [namespace, name] = data?.plugin.split('/') ?? [];
  if (data === undefined || namespace === undefined || name === undefined) return null;
  return (
    <>
      {' '}
      <TextLink to="/marketplace/$namespace/$name" params={{ namespace, name }} inherit underline="always">
        Where they go at the sender: steps for {data.name}
      </TextLink>
    </>
  );
}

function SignatureInWords({ integration }: { integration: Integration }): ReactNode {
  const { signature } = integration;
  const scheme = signature.vendorScheme ?? 'X-Signature, HMAC-SHA256';
  if (signature.required) return `Required (${scheme})`;
  if (signature.secretSet) return `Checked when sent (${scheme})`;
  if (!signature.supported) return 'This sender signs nothing';
  return (
    <>
      Not set up ({scheme});{' '}
      <TextLink
        to="/integrations/$id"
        params={{ id: integration.id }}
        search={{ tab: 'settings' }}
        inherit
        underline="always"
      >
        see Settings
      </TextLink>
    </>
  );
}

/** The text that goes into a sender whose body has to be written by hand. */
function SenderTemplate({ integration }: { integration: Integration }) {
  const installation = useQuery(installationQuery(integration.installationId));
  const plugin = useQuery({
    ...pluginQuery(installation.data?.plugin ?? '', integration.pluginVersion),
    enabled: installation.data !== undefined,
  });
  const template = plugin.data?.senderTemplate;
  if (template === undefined || template === null) return null;
  return (
    <Section title="Paste this into the sender">
      <CodeBlock label={template.label} text={template.text} maxHeight={320} />
    </Section>
  );
}
