import { Link, Outlet } from '@tanstack/react-router';
import classes from './settings-frame.module.css';

const tabs = [
  { to: '/settings/account', label: 'Account' },
  { to: '/settings/group', label: 'Group' },
  { to: '/settings/members', label: 'Members' },
  { to: '/settings/tokens', label: 'API tokens' },
  { to: '/settings/registry', label: 'Registry roles' },
  { to: '/settings/audit', label: 'Audit log' },
] as const;

export function SettingsFrame() {
  return (
    <>
      <nav className={classes.tabs} aria-label="Settings">
        {tabs.map((tab) => (
          <Link key={tab.to} to={tab.to} className={classes.tab}>
            {tab.label}
          </Link>
        ))}
      </nav>
      <Outlet />
    </>
  );
}
