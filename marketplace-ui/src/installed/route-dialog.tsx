import type { Destination } from '@patchbay/plugin-sdk/contract/rest/deliveries';
import type { Installation } from '@patchbay/plugin-sdk/contract/rest/plugins';
import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { fieldErrors } from '../api/api-error.ts';
import { InlineError } from '../components/inline-error.tsx';
import { notifyDone } from '../components/notify.tsx';
import { useSaveRoute } from '../destinations/destination-queries.ts';
import { filterDraft, filterIssue, filterOf } from '../destinations/event-filter.ts';
import { EventFilterFields } from '../destinations/event-filter-fields.tsx';

export interface RouteDialogState {
  /** null: closed; `new`: makes one; else the one that is edited. */
  subject: Destination | 'new' | null;
  open: (route?: Destination) => void;
  close: () => void;
}

export function useRouteDialog(): RouteDialogState {
  const [subject, setSubject] = useState<RouteDialogState['subject']>(null);
  return { subject, open: (route) => setSubject(route ?? 'new'), close: () => setSubject(null) };
}

interface RouteDialogProps {
  dialog: RouteDialogState;
  installation: Installation;
  onSaved?: () => void;
}

/** Makes or changes a route: which changes of which incidents a connector hears of. */
export function RouteDialog({ dialog, installation, onSaved }: RouteDialogProps) {
  const { subject } = dialog;
  return (
    <Modal
      opened={subject !== null}
      onClose={dialog.close}
      size="lg"
      title={
        subject === 'new' || subject === null ? `Route incidents to ${installation.name}` : `Change “${subject.name}”`
      }
      closeButtonProps={{ 'aria-label': 'Close' }}
      styles={{ title: { fontWeight: 600, fontSize: '1rem' } }}
    >
      {subject !== null && (
        <RouteForm
          installation={installation}
          route={subject === 'new' ? undefined : subject}
          onClose={dialog.close}
          onSaved={() => {
            dialog.close();
            onSaved?.();
          }}
        />
      )}
    </Modal>
  );
}

interface RouteFormProps {
  installation: Installation;
  route: Destination | undefined;
  onClose: () => void;
  onSaved: () => void;
}

function RouteForm({ installation, route, onClose, onSaved }: RouteFormProps) {
  const [name, setName] = useState(route?.name ?? `Incidents to ${installation.name}`);
  const [filter, setFilter] = useState(() => filterDraft(route?.filter));
  const [tried, setTried] = useState(false);
  const save = useSaveRoute(installation.id, route?.id);
  const issue = filterIssue(filter);
  const nameIssue = name.trim() === '' ? 'Give the route a name.' : fieldErrors(save.error)['name'];
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (issue !== null || name.trim() === '') return;
        save.mutate(
          { name: name.trim(), filter: filterOf(filter) },
          {
            onSuccess: () => {
              notifyDone(route === undefined ? `“${name.trim()}” is active` : `“${name.trim()}” changed`);
              onSaved();
            },
          },
        );
      }}
    >
      <Stack gap="md">
        <TextInput
          data-autofocus
          label="Name"
          withAsterisk
          maxLength={80}
          error={tried ? nameIssue : undefined}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <EventFilterFields value={filter} onChange={setFilter} issue={issue} />
        <InlineError error={save.error} />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={save.isPending}>
            {route === undefined ? 'Start routing' : 'Save the route'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
