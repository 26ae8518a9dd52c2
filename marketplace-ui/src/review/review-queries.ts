import {
  behaviourSchema,
  comparedFileSchema,
  revocationListSchema,
  revocationPreviewSchema,
  revocationResultSchema,
  submissionDetailSchema,
  submissionListSchema,
  submissionSchema,
  type approvalInputSchema,
  type reasonInputSchema,
  type revocationInputSchema,
  type SubmissionState,
  type waiverInputSchema,
} from '@patchbay/plugin-sdk/contract/rest/registry';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { api } from '../api/client.ts';

/** Others submit and review at the same time; the registry has no stream of its own. */
const REFRESH_MS = 10_000;

export function queueQuery(filter: { state: SubmissionState; q: string | undefined }) {
  return queryOptions({
    queryKey: ['submissions', 'queue', filter],
    queryFn: ({ signal }) => api.get('/registry/submissions', submissionListSchema, { query: filter, signal }),
    refetchInterval: REFRESH_MS,
  });
}

export function submissionQuery(id: string) {
  return queryOptions({
    queryKey: ['submissions', 'one', id],
    queryFn: ({ signal }) => api.get(pathOf(id), submissionDetailSchema, { signal }),
    refetchInterval: REFRESH_MS,
  });
}

export function comparedFileQuery(id: string, path: string) {
  return queryOptions({
    queryKey: ['submissions', 'file', id, path],
    queryFn: ({ signal }) => api.get(`${pathOf(id)}/file`, comparedFileSchema, { query: { path }, signal }),
  });
}

export function behaviourQuery(id: string) {
  return queryOptions({
    queryKey: ['submissions', 'behaviour', id],
    queryFn: ({ signal }) => api.get(`${pathOf(id)}/behaviour`, behaviourSchema, { signal }),
    staleTime: Infinity,
  });
}

/** Approves, rejects or sends back; everything about submissions is read again afterwards. */
export function useDecide(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (
      decision:
        | { act: 'approve'; input: z.input<typeof approvalInputSchema> }
        | { act: 'reject' | 'request-changes' | 'quarantine'; input: z.input<typeof reasonInputSchema> }
        | { act: 'check-again'; input: Record<string, never> },
    ) => api.post(`${pathOf(id)}/${decision.act}`, submissionSchema, decision.input),
    onSettled() {
      // A queue that still shows what was just decided would lead back to it.
      client.removeQueries({ queryKey: ['submissions', 'queue'] });
      return client.invalidateQueries({ queryKey: ['submissions'] });
    },
  });
}

/** A finding is none; the submission stays as it is until its package is uploaded again. */
export function useWaive(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: z.input<typeof waiverInputSchema>) => api.post(`${pathOf(id)}/waivers`, z.unknown(), input),
    onSuccess: () => client.invalidateQueries({ queryKey: ['submissions'] }),
  });
}

export const revocationsQuery = queryOptions({
  queryKey: ['revocations', 'list'],
  queryFn: ({ signal }) => api.get('/registry/revocations', revocationListSchema, { signal }),
  refetchInterval: 3_000,
});

export function revocationPreviewQuery(plugin: string, range: string) {
  return queryOptions({
    queryKey: ['revocations', 'preview', plugin, range],
    queryFn: ({ signal }) =>
      api.get('/registry/revocations/preview', revocationPreviewSchema, { query: { plugin, range }, signal }),
    retry: false,
  });
}

export function useRevoke() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: z.input<typeof revocationInputSchema>) =>
      api.post('/registry/revocations', revocationResultSchema, input),
    onSuccess: () => client.invalidateQueries({ queryKey: ['revocations'] }),
  });
}

function pathOf(id: string): string {
  return `/registry/submissions/${encodeURIComponent(id)}`;
}
