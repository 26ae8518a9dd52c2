import type { Service } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { Button, Group, Modal, Stack, Textarea, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { fieldErrors } from '../api/api-error.ts';
import { InlineError } from '../components/inline-error.tsx';
import { notifyDone } from '../components/notify.tsx';
import { useSaveService } from './service-queries.ts';

interface ServiceDialogProps {
  opened: boolean;
  /** Absent: makes a new one. */
  service?: Service;
  onClose: () => void;
}

/** Makes a service, or changes its name and description. */
export function ServiceDialog({ opened, service, onClose }: ServiceDialogProps) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={service === undefined ? 'Create a service' : `Change “${service.name}”`}
      closeButtonProps={{ 'aria-label': 'Close' }}
      styles={{ title: { fontWeight: 600, fontSize: '1rem' } }}
    >
      <ServiceForm service={service} onClose={onClose} />
    </Modal>
  );
}

function ServiceForm({ service, onClose }: { service: Service | undefined; onClose: () => void }) {
  const [name, setName] = useState(service?.name ?? '');
  const [description, setDescription] = useState(service?.description ?? '');
  const [tried, setTried] = useState(false);
  const save = useSaveService(service?.id);
  const navigate = useNavigate();
  const refused = fieldErrors(save.error);
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (name.trim() === '') return;
        save.mutate(
          { name: name.trim(), description: description.trim() },
          {
            onSuccess: ({ id }) => {
              notifyDone(service === undefined ? `“${name.trim()}” created` : `“${name.trim()}” saved`);
              onClose();
              if (service === undefined) void navigate({ to: '/services/$id', params: { id } });
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
          error={tried && name.trim() === '' ? 'Give it a name, such as “Checkout”.' : refused['name']}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Textarea
          label="About"
          description="What it is and who looks after it."
          autosize
          minRows={2}
          maxLength={500}
          error={refused['description']}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        <InlineError error={save.error} />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={save.isPending}>
            {service === undefined ? 'Create the service' : 'Save'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
