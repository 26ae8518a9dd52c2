import { integrationSchema } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { useQuery } from '@tanstack/react-query';
import { z } from 'zod';
import { api } from '../api/client.ts';
import { CodeBlock } from '../components/code-block.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { ButtonLink } from '../components/link.tsx';

const integrationsSchema = z.object({ items: z.array(integrationSchema) });

/** The first run teaches: with an integration, the command that opens an incident; without, how to make one. */
export function FirstIncident() {
  const integrations = useQuery({
    queryKey: ['integrations', 'first-run'],
    queryFn: ({ signal }) => api.get('/integrations', integrationsSchema, { query: { limit: 50 }, signal }),
  });
  const sample = integrations.data?.items.find((one) => one.sampleCurl !== null && one.state === 'enabled');

  if (!sample?.sampleCurl) {
    return (
      <EmptyState
        kind="first-run"
        title="No incident yet"
        action={<ButtonLink to="/integrations">Add an integration</ButtonLink>}
      >
        An integration gives you an address to which your monitoring sends its alerts. Each alert opens, updates or
        resolves an incident here.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      kind="first-run"
      title="No incident yet"
      extra={<CodeBlock text={sample.sampleCurl} label={`Open one now, through ${sample.name}`} />}
      action={
        <ButtonLink variant="default" to="/integrations/$id" params={{ id: sample.id }}>
          Open the integration
        </ButtonLink>
      }
    >
      Paste this into a terminal. The incident appears on this page by itself.
    </EmptyState>
  );
}
