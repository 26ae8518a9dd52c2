import { Button } from '@mantine/core';
import type { HeldVersion } from '@patchbay/plugin-sdk/contract/rest/registry';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ErrorState } from '../components/error-state.tsx';
import { Facts } from '../components/facts.tsx';
import { ButtonLink } from '../components/link.tsx';
import { Section } from '../components/section.tsx';
import { Time } from '../components/time.tsx';
import { count } from '../consent/words.ts';
import { heldVersionsQuery } from './held-version-queries.ts';
import { ReleaseDialog } from './release-dialog.tsx';
import classes from './review.module.css';

/** Published versions in which a later check or a report found something; nothing where there are none. */
export function HeldVersions() {
  const query = useQuery(heldVersionsQuery);
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  const items = query.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <div className={classes.waiting}>
      {items.map((one) => (
        <Held key={`${one.plugin} ${one.version}`} held={one} />
      ))}
    </div>
  );
}

function Held({ held }: { held: HeldVersion }) {
  const [releasing, setReleasing] = useState(false);
  const { plugin, version, submissionId, reason, heldAt, installs, mayNotRelease } = held;
  return (
    <Section
      title={`${plugin} ${version} is held`}
      hint={
        <>
          since <Time at={heldAt} />
        </>
      }
    >
      <p className={classes.plain}>{reason}</p>
      <div className={classes.spaced}>
        <Facts
          entries={[
            ['Installed', count(installs, 'installation')],
            ['Now', 'Not offered and not updated to; where it is installed it goes on running'],
          ]}
        />
      </div>
      {mayNotRelease !== null && <p className={classes.reason}>{mayNotRelease}</p>}
      <div className={classes.acts}>
        <ButtonLink size="xs" variant="default" to="/review/submissions/$id" params={{ id: submissionId }}>
          Read it
        </ButtonLink>
        {mayNotRelease === null && (
          <Button size="xs" variant="default" onClick={() => setReleasing(true)}>
            Release
          </Button>
        )}
      </div>
      {releasing && <ReleaseDialog held={held} onClose={() => setReleasing(false)} />}
    </Section>
  );
}
