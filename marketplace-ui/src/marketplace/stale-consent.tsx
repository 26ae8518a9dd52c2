import type { Consent } from '@patchbay/plugin-sdk/contract/rest/plugins';
import { Button } from '@mantine/core';
import { RotateCw, TriangleAlert } from 'lucide-react';
import { consentChange } from '../consent/consent-change.ts';
import { useHeadingFocus } from '../consent/heading-focus.ts';
import { Notice } from '../destinations/notice.tsx';

/** The host refused: what was shown is no longer what the plugin asks for. */
export function StaleConsent({ onReload }: { onReload: () => void }) {
  return (
    <Notice role="alert" tone="serious" icon={TriangleAlert} title="This plugin now asks for something else">
      <p>
        Nothing was installed. Its permissions changed after you opened this page, and you agree only to what you have
        seen. What you typed stays. <span className="mono">CONSENT_STALE</span>
      </p>
      <Button variant="default" leftSection={<RotateCw size={14} aria-hidden="true" />} onClick={onReload}>
        Show the present permissions
      </Button>
    </Notice>
  );
}

/** After a reload: what is new and what is gone, in words. */
export function ConsentChanged({ before, after }: { before: Consent; after: Consent }) {
  return before.digest === after.digest ? null : <Changed before={before} after={after} />;
}

function Changed({ before, after }: { before: Consent; after: Consent }) {
  const { added, removed } = consentChange(before, after);
  useHeadingFocus('#consent-changed');
  return (
    <Notice
      id="consent-changed"
      role="status"
      tone="caution"
      icon={TriangleAlert}
      title="The permissions changed since you first read them"
    >
      <ul>
        {added.map((line) => (
          <li key={`new-${line.text}-${line.scope}`}>
            <strong>New:</strong> {line.text}
          </li>
        ))}
        {removed.map((line) => (
          <li key={`gone-${line.text}-${line.scope}`}>
            <strong>Removed:</strong> {line.text}
          </li>
        ))}
        {added.length + removed.length === 0 && <li>They read the same; a detail below the words changed.</li>}
      </ul>
    </Notice>
  );
}
