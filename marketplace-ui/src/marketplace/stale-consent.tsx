import type { Consent } from '@patchbay/plugin-sdk/contract/rest/plugins';
import { Alert, Button } from '@mantine/core';
import { RotateCw, TriangleAlert } from 'lucide-react';
import { consentChange } from '../consent/consent-change.ts';
import classes from './install-form.module.css';

/** The host refused: what was shown is no longer what the plugin asks for. */
export function StaleConsent({ onReload }: { onReload: () => void }) {
  return (
    <Alert
      role="alert"
      mt="md"
      variant="light"
      color="red"
      icon={<TriangleAlert size={18} />}
      title="This plugin now asks for something else"
    >
      <p className={classes.note}>
        Nothing was installed. Its permissions changed after you opened this page, and you agree only to what you have
        seen. What you typed stays.
      </p>
      <Button variant="default" leftSection={<RotateCw size={14} aria-hidden="true" />} onClick={onReload}>
        Show the present permissions
      </Button>
      <p className={`${classes.code} mono`}>CONSENT_STALE</p>
    </Alert>
  );
}

/** After a reload: what is new and what is gone, in words. */
export function ConsentChanged({ before, after }: { before: Consent; after: Consent }) {
  if (before.digest === after.digest) return null;
  const { added, removed } = consentChange(before, after);
  return (
    <Alert
      role="status"
      variant="light"
      color="gray"
      icon={<TriangleAlert size={18} />}
      title="The permissions changed"
    >
      <ul className={classes.summary}>
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
        {added.length + removed.length === 0 && (
          <li>The permissions read the same; other terms of this version changed.</li>
        )}
      </ul>
    </Alert>
  );
}
