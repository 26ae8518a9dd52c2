import type { Consent } from '@patchbay/plugin-sdk/contract/rest/plugins';
import { Button } from '@mantine/core';
import { TriangleAlert } from 'lucide-react';
import { consentChange } from '../consent/consent-change.ts';
import { ConsentDifference } from '../consent/consent-difference.tsx';
import { Notice } from '../destinations/notice.tsx';

interface NewAddressProps {
  before: Consent;
  after: Consent;
  saving: boolean;
  onAgree: () => void;
}

/** Settings that send requests or secrets to another address are saved once somebody agrees to that address. */
export function NewAddress({ before, after, saving, onAgree }: NewAddressProps) {
  return (
    <Notice
      role="alert"
      tone="serious"
      icon={TriangleAlert}
      title="With these settings, requests and secrets go to another address"
    >
      <p>Nothing was saved yet. This is what changes in what the plugin may do:</p>
      <ConsentDifference change={consentChange(before, after)} same={before.digest === after.digest} />
      <Button type="button" loading={saving} onClick={onAgree}>
        Allow this and save
      </Button>
    </Notice>
  );
}
