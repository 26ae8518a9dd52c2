import { Button, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { InlineError } from '../components/inline-error.tsx';
import { notifyDone } from '../components/notify.tsx';
import { Section } from '../components/section.tsx';
import { useClaim } from './namespace-queries.ts';
import classes from './publishing.module.css';

/** Claims a name; one that is reserved or taken is asked for with a reason. */
export function ClaimNamespace() {
  const [namespace, setNamespace] = useState('');
  const [reason, setReason] = useState('');
  const claim = useClaim();
  const name = namespace.trim();
  const submit = () =>
    claim.mutate(
      { namespace: name, ...(reason.trim() === '' ? {} : { reason: reason.trim() }) },
      {
        onSuccess: ({ state }) => {
          notifyDone(state === 'yours' ? `${name} is yours` : `You have asked for ${name}; an admin decides`);
          setNamespace('');
          setReason('');
        },
      },
    );
  return (
    <Section title="Claim a namespace" hint="The first half of a plugin’s id">
      <form
        className={classes.stack}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <InlineError error={claim.error} />
        <TextInput
          label="Namespace"
          description="Lower-case words joined by hyphens"
          autoComplete="off"
          maxLength={40}
          value={namespace}
          onChange={(event) => setNamespace(event.currentTarget.value)}
        />
        <Textarea
          label="Why it is yours"
          description="Only for a name that is reserved or taken: an admin of the registry reads it"
          maxLength={1000}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <div>
          <Button type="submit" disabled={name === ''} loading={claim.isPending}>
            Claim
          </Button>
        </div>
      </form>
    </Section>
  );
}
