import { ActionIcon, Button } from '@mantine/core';
import type { Token } from '@patchbay/plugin-sdk/contract/rest/identity';
import { useQuery } from '@tanstack/react-query';
import { CircleSlash, Clock, KeyRound, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useSession } from '../api/session.ts';
import { CodeBlock } from '../components/code-block.tsx';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { DataTable, type Column } from '../components/data-table.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { notifyDone } from '../components/notify.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { ShownOnce } from '../components/shown-once.tsx';
import { TableSkeleton } from '../components/skeletons.tsx';
import { Status } from '../components/status.tsx';
import { Nothing, Time } from '../components/time.tsx';
import { CreateTokenDialog } from './create-token-dialog.tsx';
import { tokensQuery, useRevokeToken } from './token-queries.ts';

const SOON_MS = 7 * 24 * 3600 * 1000;

function Expiry({ at }: { at: string | null }) {
  if (at === null) return <Status word="Never" tone="caution" icon={CircleSlash} title="A token that never expires" />;
  const left = Date.parse(at) - Date.now();
  if (left <= 0) return <Status word="Expired" tone="danger" icon={CircleSlash} />;
  if (left >= SOON_MS) return <Time at={at} />;
  return (
    <span style={{ display: 'inline-flex', gap: 4, alignItems: 'center' }}>
      <Status word="Soon:" tone="caution" icon={Clock} /> <Time at={at} />
    </span>
  );
}

export function TokensPage() {
  const { publicUrl } = useSession();
  const tokens = useQuery(tokensQuery);
  const revoke = useRevokeToken();
  const [creating, setCreating] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const [revoking, setRevoking] = useState<Token | null>(null);

  const columns: Column<Token>[] = [
    {
      key: 'name',
      header: 'Name',
      card: 'title',
      cell: (row) => <span style={{ fontWeight: 500 }}>{row.name}</span>,
    },
    {
      key: 'prefix',
      header: 'Begins with',
      width: '128px',
      cell: (row) => <span className="mono">{row.prefix}…</span>,
    },
    {
      key: 'scopes',
      header: 'May',
      width: '150px',
      muted: true,
      cell: ({ scopes, namespace }) => (namespace === null ? scopes.join(', ') : `publish ${namespace}`),
    },
    {
      key: 'used',
      header: 'Last used',
      width: '112px',
      muted: true,
      card: 'labelled',
      cell: (row) => (row.lastUsedAt ? <Time at={row.lastUsedAt} /> : <Nothing word="never" />),
    },
    {
      key: 'expires',
      header: 'Expires',
      width: '136px',
      card: 'labelled',
      cell: (row) => <Expiry at={row.expiresAt} />,
    },
    {
      key: 'made',
      header: 'Made',
      width: '104px',
      align: 'end',
      muted: true,
      card: 'hidden',
      cell: (row) => <Time at={row.createdAt} />,
    },
    {
      key: 'revoke',
      header: 'Revoke',
      headerHidden: true,
      width: '56px',
      align: 'end',
      cell: (row) => (
        <ActionIcon aria-label={`Revoke ${row.name}`} title={`Revoke ${row.name}`} onClick={() => setRevoking(row)}>
          <Trash2 size={16} />
        </ActionIcon>
      ),
    },
  ];

  const create = (
    <Button leftSection={<KeyRound size={15} />} onClick={() => setCreating(true)}>
      Create token
    </Button>
  );
  const empty = tokens.data?.items.length === 0;

  return (
    <>
      <PageHeader
        title="API tokens"
        about="For scripts and other programs. A token never does more than your role."
        actions={!empty && create}
      />
      {tokens.error ? (
        <ErrorState error={tokens.error} onRetry={() => void tokens.refetch()} />
      ) : !tokens.data ? (
        <TableSkeleton rows={3} />
      ) : empty ? (
        <EmptyState
          kind="first-run"
          icon={KeyRound}
          title="No token yet"
          action={create}
          extra={
            <CodeBlock
              label="What a token is for"
              text={`curl -H "Authorization: Bearer $PATCHBAY_TOKEN" ${publicUrl}/api/incidents?status=open`}
            />
          }
        >
          Everything that this interface does, a program can do with a token.
        </EmptyState>
      ) : (
        <DataTable label="API tokens" columns={columns} rows={tokens.data.items} rowKey={(row) => row.id} />
      )}
      <CreateTokenDialog opened={creating} onClose={() => setCreating(false)} onMade={setSecret} />
      <ShownOnce secret={secret} title="Copy the token now" label="Token" onClose={() => setSecret(null)}>
        It is shown only this once: Patchbay keeps a hash of it and nothing more.
      </ShownOnce>
      <ConfirmDialog
        opened={revoking !== null}
        title={`Revoke ${revoking?.name ?? ''}`}
        act="Revoke token"
        destructive
        busy={revoke.isPending}
        error={revoke.error}
        onClose={() => {
          revoke.reset();
          setRevoking(null);
        }}
        onConfirm={() =>
          revoking &&
          revoke.mutate(revoking.id, {
            onSuccess: () => {
              notifyDone(`Token ${revoking.name} revoked`);
              setRevoking(null);
            },
          })
        }
      >
        Programs that use it get 401 from now on. This cannot be undone.
      </ConfirmDialog>
    </>
  );
}
