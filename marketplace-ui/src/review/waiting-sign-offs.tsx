import { Button } from '@mantine/core';
import type { SignOff } from '@patchbay/plugin-sdk/contract/rest/registry';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Actor } from '../components/actor.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { Facts } from '../components/facts.tsx';
import { Section } from '../components/section.tsx';
import { Time } from '../components/time.tsx';
import { count, joinWords } from '../consent/words.ts';
import { ConfirmSignOffDialog, WithdrawSignOffDialog } from './sign-off-dialogs.tsx';
import { signOffsQuery } from './sign-off-queries.ts';
import classes from './review.module.css';

/** Hard revocations that need a second reviewer; nothing where none waits. Only reviewers may ask for them. */
export function WaitingSignOffs() {
  const query = useQuery(signOffsQuery);
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  const items = query.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <div className={classes.waiting}>
      {items.map((one) => (
        <WaitingSignOff key={one.id} signOff={one} />
      ))}
    </div>
  );
}

function WaitingSignOff({ signOff }: { signOff: SignOff }) {
  const [asking, setAsking] = useState<'confirm' | 'withdraw' | null>(null);
  const { plugin, versions, installs, reason, askedBy, askedAt, mayNotConfirm } = signOff;
  return (
    <Section
      title={`Hard revocation of ${plugin}`}
      hint={
        <>
          <Actor name={askedBy} /> <Time at={askedAt} />
        </>
      }
    >
      <p className={classes.plain}>{reason}</p>
      <div className={classes.spaced}>
        <Facts
          entries={[
            ['Versions', <span className="mono">{joinWords(versions)}</span>],
            ['Touches', count(installs, 'installation')],
            ['Now', 'Softly revoked: not offered, and operators who have it may enable it again'],
          ]}
        />
      </div>
      {mayNotConfirm !== null && <p className={classes.reason}>{mayNotConfirm}</p>}
      <div className={classes.acts}>
        <Button size="xs" variant="default" onClick={() => setAsking('withdraw')}>
          Withdraw
        </Button>
        {mayNotConfirm === null && (
          <Button size="xs" color="red" onClick={() => setAsking('confirm')}>
            Confirm
          </Button>
        )}
      </div>
      {asking === 'confirm' && <ConfirmSignOffDialog signOff={signOff} onClose={() => setAsking(null)} />}
      {asking === 'withdraw' && <WithdrawSignOffDialog signOff={signOff} onClose={() => setAsking(null)} />}
    </Section>
  );
}
