import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { signInInputSchema } from '@patchbay/plugin-sdk/contract/rest/identity';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { z } from 'zod';
import { ApiError } from '../api/api-error.ts';
import { api } from '../api/client.ts';
import { InlineError } from '../components/inline-error.tsx';
import { IdentityFrame } from './identity-frame.tsx';
import { safeNext } from './safe-next.ts';

const route = getRouteApi('/sign-in');

export function SignInPage() {
  const { next } = route.useSearch();
  const router = useRouter();
  const client = useQueryClient();
  const form = useForm({ initialValues: { email: '', password: '' } });

  const signIn = useMutation({
    mutationFn: (values: z.input<typeof signInInputSchema>) => api.post('/sign-in', z.unknown(), values),
    onSuccess: async () => {
      client.clear();
      await router.navigate({ href: safeNext(next, window.location.origin), replace: true });
    },
  });

  const submit = form.onSubmit((values) => {
    const parsed = signInInputSchema.safeParse({ ...values, email: values.email.trim() });
    if (parsed.success) return signIn.mutate(parsed.data);
    form.setErrors({
      ...(z.email().safeParse(values.email.trim()).success ? {} : { email: 'Enter your email address' }),
      ...(values.password ? {} : { password: 'Enter your password' }),
    });
  });

  return (
    <IdentityFrame title="Sign in" about="To see incidents, deliveries and plugins of your group.">
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <InlineError error={wordsFor(signIn.error)} />
          <TextInput
            label="Email"
            type="email"
            autoComplete="username"
            autoFocus
            required
            withAsterisk={false}
            {...form.getInputProps('email')}
          />
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            visibilityToggleButtonProps={{ 'aria-label': 'Show password', tabIndex: 0 }}
            {...form.getInputProps('password')}
          />
          <Button type="submit" loading={signIn.isPending} fullWidth mt={4}>
            Sign in
          </Button>
        </Stack>
      </form>
    </IdentityFrame>
  );
}

/** On this page "sign in" is not a remedy. */
function wordsFor(error: Error | null): Error | null {
  if (!(error instanceof ApiError) || error.status !== 401) return error;
  return new ApiError({
    status: error.status,
    code: error.code,
    message: error.message,
    remedy: 'Check both and try again; an owner of the group can make you a new account.',
  });
}
