import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { setupInputSchema } from '@patchbay/plugin-sdk/contract/rest/identity';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { z } from 'zod';
import { fieldErrors } from '../api/api-error.ts';
import { api } from '../api/client.ts';
import { setupQuery } from '../api/session.ts';
import { EmptyState } from '../components/empty-state.tsx';
import { InlineError } from '../components/inline-error.tsx';
import { ButtonLink } from '../components/link.tsx';
import { IdentityFrame } from './identity-frame.tsx';
import { PasswordRules, passwordRules } from './password-rules.tsx';

const route = getRouteApi('/setup');

export function SetupPage() {
  const { code } = route.useSearch();
  const setup = useQuery(setupQuery);

  if (setup.data?.needed === false) {
    return (
      <IdentityFrame title="Already set up" about="This host has its first owner.">
        <EmptyState
          kind="nothing"
          inset
          title="Sign in instead"
          action={<ButtonLink to="/sign-in">Sign in</ButtonLink>}
        >
          New people are added under Settings, Members.
        </EmptyState>
      </IdentityFrame>
    );
  }
  return (
    <IdentityFrame
      title="Set up Patchbay"
      about="Make the first owner. Owners add people, install plugins and see everything in their group."
    >
      <SetupForm code={code ?? ''} />
    </IdentityFrame>
  );
}

function SetupForm({ code }: { code: string }) {
  const router = useRouter();
  const client = useQueryClient();
  const form = useForm({ initialValues: { code, name: '', email: '', password: '' } });

  const setup = useMutation({
    mutationFn: (values: z.output<typeof setupInputSchema>) => api.post('/setup', z.unknown(), values),
    onSuccess: async () => {
      client.clear();
      await router.navigate({ to: '/incidents', replace: true });
    },
    onError: (error) => form.setErrors(fieldErrors(error)),
  });

  const submit = form.onSubmit((values) => {
    const trimmed = { ...values, code: values.code.trim(), name: values.name.trim(), email: values.email.trim() };
    const unmet = passwordRules(values.password, trimmed.email).find((rule) => !rule.met);
    const parsed = setupInputSchema.safeParse(trimmed);
    if (parsed.success && !unmet) return setup.mutate(parsed.data);
    const missing = new Set(parsed.error?.issues.map((issue) => issue.path[0]));
    form.setErrors({
      ...(missing.has('code') ? { code: 'Enter the code from the console of the host' } : {}),
      ...(missing.has('name') ? { name: 'Enter your name' } : {}),
      ...(missing.has('email') ? { email: 'Enter an email address, such as ada@example.com' } : {}),
      ...(unmet ? { password: `The password needs: ${unmet.text.toLowerCase()}` } : {}),
    });
  });

  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <InlineError error={setup.error} />
        <TextInput
          label="Setup code"
          description="Printed where Patchbay was started. It proves that the host is yours."
          autoComplete="one-time-code"
          spellCheck={false}
          autoFocus={code === ''}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          {...form.getInputProps('code')}
        />
        <TextInput label="Your name" autoComplete="name" autoFocus={code !== ''} {...form.getInputProps('name')} />
        <TextInput label="Email" type="email" autoComplete="username" {...form.getInputProps('email')} />
        <PasswordInput
          label="Password"
          autoComplete="new-password"
          aria-describedby="password-rules"
          visibilityToggleButtonProps={{ 'aria-label': 'Show password', tabIndex: 0 }}
          {...form.getInputProps('password')}
        />
        <PasswordRules password={form.values.password} email={form.values.email} id="password-rules" />
        <Button type="submit" loading={setup.isPending} fullWidth>
          Create owner and sign in
        </Button>
      </Stack>
    </form>
  );
}
