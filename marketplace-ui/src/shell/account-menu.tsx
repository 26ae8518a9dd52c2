import { ActionIcon, Menu, useMantineColorScheme } from '@mantine/core';
import { Check, CircleUser, Keyboard, LogOut, User } from 'lucide-react';
import { useNavigate } from '@tanstack/react-router';
import { chooseGroup } from '../api/group.ts';
import { useSession } from '../api/session.ts';
import { useSignOut } from '../api/sign-out.ts';
import { openKeyboardHelp } from './keyboard-help.tsx';
import { schemes } from './schemes.ts';

/** Who is signed in, in which group, with which theme. */
export function AccountMenu() {
  const { user, group, groups } = useSession();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const navigate = useNavigate();
  const signOut = useSignOut();
  return (
    <Menu position="bottom-end" width={240} withinPortal={false}>
      <Menu.Target>
        <ActionIcon size="lg" aria-label={`Account${user ? ` of ${user.name}` : ''}`}>
          <CircleUser size={20} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {user && (
          <Menu.Label>
            {user.name}
            <br />
            {user.email}
          </Menu.Label>
        )}
        <Menu.Item leftSection={<User size={15} />} onClick={() => void navigate({ to: '/settings/account' })}>
          Your account
        </Menu.Item>
        <Menu.Item leftSection={<Keyboard size={15} />} onClick={openKeyboardHelp}>
          Keyboard shortcuts
        </Menu.Item>
        {groups.length > 1 && (
          <>
            <Menu.Divider />
            <Menu.Label>Group</Menu.Label>
            {groups.map((one) => (
              <Menu.Item
                key={one.id}
                onClick={() => chooseGroup(one.id)}
                rightSection={one.id === group.id ? <Check size={15} aria-label="current" /> : null}
              >
                {one.name}
              </Menu.Item>
            ))}
          </>
        )}
        <Menu.Divider />
        <Menu.Label>Theme</Menu.Label>
        {schemes.map(({ value, label, icon: Icon }) => (
          <Menu.Item
            key={value}
            leftSection={<Icon size={15} />}
            rightSection={colorScheme === value ? <Check size={15} aria-label="current" /> : null}
            onClick={() => setColorScheme(value)}
          >
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<LogOut size={15} />} onClick={() => signOut.mutate()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
