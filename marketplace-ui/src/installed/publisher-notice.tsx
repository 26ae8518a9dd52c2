import { Button } from '@mantine/core';
import { publisherNoticeSchema, type PublisherNotice as Told } from '@patchbay/plugin-sdk/contract/rest/plugins';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { UserRoundX } from 'lucide-react';
import { z } from 'zod';
import { api } from '../api/client.ts';
import { useHasRole } from '../api/session.ts';
import { InlineError } from '../components/inline-error.tsx';
import { Time } from '../components/time.tsx';
import { notifyDone } from '../components/notify.tsx';
import { Notice } from '../destinations/notice.tsx';

const noticesQuery = queryOptions({
  queryKey: ['installations', 'publisher-notices'],
  queryFn: ({ signal }) =>
    api.get('/publisher-notices', z.object({ items: z.array(publisherNoticeSchema) }), { signal }),
});

/** That the publisher of a plugin is not who they were. Nothing while they are. */
export function PublisherNotice({ plugin }: { plugin: string }) {
  const client = useQueryClient();
  const mayAgree = useHasRole('admin');
  const namespace = plugin.slice(0, plugin.indexOf('/'));
  const query = useQuery(noticesQuery);
  const agree = useMutation({
    mutationFn: (upTo: number) =>
      api.post(`/publisher-notices/${encodeURIComponent(namespace)}/agree`, z.unknown(), { upTo }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['installations'] }),
  });
  const told = (query.data?.items ?? []).filter((one) => one.namespace === namespace);
  const last = told.at(-1);
  if (last === undefined) return null;
  return (
    <Notice tone="caution" icon={UserRoundX} title={`The publisher “${namespace}” has changed`}>
      {told.map((one) => (
        <p key={one.seq}>
          {wordsOf(one)}, <Time at={one.decidedAt} />.
        </p>
      ))}
      <p>What is installed goes on running. No update of it is made here until an admin agrees.</p>
      <InlineError error={agree.error} />
      {mayAgree && (
        <Button
          size="xs"
          variant="default"
          loading={agree.isPending}
          onClick={() =>
            agree.mutate(last.seq, { onSuccess: () => notifyDone(`Updates of ${namespace} are taken again`) })
          }
        >
          Take updates again
        </Button>
      )}
    </Notice>
  );
}

function wordsOf({ kind, details }: Told): string {
  if (kind === 'key-lost') return 'It signs with a new key, and the old one did not sign for that';
  const owners = z.array(z.string()).safeParse(details.after).data ?? [];
  return `It belongs to ${owners.join(', ') || 'somebody else'} now`;
}
