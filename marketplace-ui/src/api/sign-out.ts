import { useMutation } from '@tanstack/react-query';
import { z } from 'zod';
import { api } from './client.ts';
import { forgetGroup } from './group.ts';
import { setLeaving } from './query-client.ts';

/** Loads the page anew, so that nothing of the session stays in memory. */
export function useSignOut() {
  return useMutation({
    mutationFn: () => api.post('/sign-out', z.unknown()),
    onMutate: () => setLeaving(true),
    onError: () => setLeaving(false),
    onSuccess: () => {
      forgetGroup();
      window.location.assign('/sign-in');
    },
  });
}
