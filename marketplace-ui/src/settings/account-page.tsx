import { Button, SegmentedControl, Stack, Switch, useMantineColorScheme } from '@mantine/core';
import { LogOut } from 'lucide-react';
import { useSession } from '../api/session.ts';
import { useSignOut } from '../api/sign-out.ts';
import { Facts } from '../components/facts.tsx';
import { InlineError } from '../components/inline-error.tsx';
import { CopyText } from '../components/copy-button.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { Section } from '../components/section.tsx';
import { useSingleKeysSetting } from '../components/single-keys.ts';
import { Nothing } from '../components/time.tsx';
import { schemes } from '../shell/schemes.ts';
import { roleWords } from './roles.ts';

export function AccountPage() {
  const { user, group, groups, registryRoles } = useSession();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [singleKeys, setSingleKeys] = useSingleKeysSetting();
  const signOut = useSignOut();
  return (
    <>
      <PageHeader
        title="Your account"
        actions={
          <Button
            variant="default"
            leftSection={<LogOut size={15} />}
            loading={signOut.isPending}
            onClick={() => signOut.mutate()}
          >
            Sign out
          </Button>
        }
      />
      <Stack gap="md" maw={720}>
        <InlineError error={signOut.error} />
        <Section title="You">
          <Facts
            entries={[
              ['Name', user?.name ?? <Nothing word="an API token" />],
              ['Email', user?.email ?? <Nothing word="an API token" />],
              ['Group', groups.length > 1 ? `${group.name}, and ${groups.length - 1} more` : group.name],
              ['Role', roleWords[group.role].long],
              ['In the registry', registryRoles.length > 0 ? registryRoles.join(', ') : 'no role'],
              ['Id', user ? <CopyText text={user.id} label="Copy your id" /> : undefined],
            ]}
          />
        </Section>
        <Section title="This browser" hint="Kept here, not in your account">
          <Stack gap="md" align="flex-start">
            <div>
              <div id="theme-label" style={{ fontWeight: 500, marginBottom: 6 }}>
                Theme
              </div>
              <SegmentedControl
                aria-labelledby="theme-label"
                value={colorScheme}
                onChange={(value) => setColorScheme(value)}
                data={schemes.map(({ value, label }) => ({ value, label }))}
              />
            </div>
            <Switch
              checked={singleKeys}
              onChange={(event) => setSingleKeys(event.currentTarget.checked)}
              label="Keys pressed alone are commands"
              description="j, k, a, r, g and /. Switch it off if you use speech input or press keys by accident."
            />
          </Stack>
        </Section>
      </Stack>
    </>
  );
}
