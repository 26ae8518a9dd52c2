import { memberSchema } from '@patchbay/plugin-sdk/contract/rest/identity';
import { queryOptions } from '@tanstack/react-query';
import { z } from 'zod';
import { api } from './client.ts';

const membersSchema = z.object({ items: z.array(memberSchema) });

export const membersQuery = queryOptions({
  queryKey: ['members'],
  queryFn: ({ signal }) => api.get('/members', membersSchema, { signal }),
  staleTime: 300_000,
});
