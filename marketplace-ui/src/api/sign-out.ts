import { useMutation } from '@tanstack/react-query';
import { z } from 'zod';
import { api } from './client.ts';
import { forgetGroup } from './group.ts';

/** Loads the page anew, so that nothing of the session stays in memory. */
export function useSignOut() {
  return useMutation({
    mutationFn: () => api.post('/sign-out', z.unknown()),
    onSuccess: () => {
      forgetGroup();
      window.location.assign('/sign-in');
    },
  });
}
