import { Radio, Stack } from '@mantine/core';
import type { NamespaceDecision, NamespaceRequest } from '@patchbay/plugin-sdk/contract/rest/namespaces';
import { useState } from 'react';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { notifyDone } from '../components/notify.tsx';
import { LoggedReason } from './logged-reason.tsx';
import { useDecideNamespaceRequest } from './namespace-request-queries.ts';

interface DecideNamespaceDialogProps {
  request: NamespaceRequest;
  /** The name of who asked. */
  askedBy: string;
  act: 'grant' | 'refuse';
  onClose: () => void;
}

/** Grants or refuses a namespace or a new key, with a reason. */
export function DecideNamespaceDialog({ request, askedBy, act, onClose }: DecideNamespaceDialogProps) {
  const [reason, setReason] = useState('');
  const [versions, setVersions] = useState<NamespaceDecision['versions']>('hold');
  const decide = useDecideNamespaceRequest(request.id);
  const words = wordsOf(request, askedBy)[act];
  const replacesKey = act === 'grant' && request.kind === 'lost-key';
  return (
    <ConfirmDialog
      opened
      title={words.title}
      act={words.act}
      destructive={act === 'grant' && (replacesKey || request.owners.length > 0)}
      busy={decide.isPending}
      error={decide.error}
      blocked={reason.trim() === ''}
      onClose={onClose}
      onConfirm={() =>
        decide.mutate(
          { grant: act === 'grant', reason: reason.trim(), versions },
          {
            onSuccess: () => {
              notifyDone(words.done);
              onClose();
            },
          },
        )
      }
    >
      {words.about}
      {replacesKey && (
        <Radio.Group
          mt="md"
          label="What the old key signed"
          value={versions}
          onChange={(next) => setVersions(next === 'keep' ? 'keep' : 'hold')}
        >
          <Stack gap={8} mt={6}>
            <Radio
              value="hold"
              label="Hold it"
              description="Somebody else may have the key: nothing is offered before a reviewer has looked"
            />
            <Radio value="keep" label="Keep it" description="The key is gone for good: its versions stay on offer" />
          </Stack>
        </Radio.Group>
      )}
      <LoggedReason value={reason} onChange={setReason} />
    </ConfirmDialog>
  );
}

function wordsOf({ kind, namespace, owners }: NamespaceRequest, askedBy: string) {
  const refuse = {
    title: kind === 'claim' ? `Refuse ${namespace} to ${askedBy}?` : `Refuse the new key of ${namespace}?`,
    act: 'Refuse it',
    about: `Everything stays as it is. ${askedBy} reads why.`,
    done: 'The request is refused',
  };
  if (kind === 'claim')
    return {
      refuse,
      grant: {
        title: `Give ${namespace} to ${askedBy}?`,
        act: `Give ${namespace} away`,
        about:
          owners.length === 0
            ? `${askedBy} becomes its owner and publishes there.`
            : `${askedBy} becomes its one owner. Everybody who has a plugin of it is told, and takes no update until they agree.`,
        done: `${namespace} belongs to ${askedBy}`,
      },
    };
  return {
    refuse,
    grant: {
      title: `Enrol a new key for ${namespace}?`,
      act: 'Enrol the new key',
      about: `Whoever has the new key signs for ${namespace} from now on, and no old one does. Make sure by another way that it is ${askedBy} who asks.`,
      done: `${namespace} has a new key`,
    },
  };
}
