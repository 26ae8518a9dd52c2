import { AppShell, Burger } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { Suspense, useEffect } from 'react';
import { LiveProvider } from '../api/live.tsx';
import { useSession } from '../api/session.ts';
import { PageSkeleton } from '../components/skeletons.tsx';
import { Mark } from '../theme/mark.tsx';
import { AccountMenu } from './account-menu.tsx';
import { CommandPalette, PaletteButton } from './command-palette.tsx';
import { GoKeys } from './go-keys.tsx';
import { KeyboardHelp } from './keyboard-help.tsx';
import { placesFor } from './navigation.ts';
import { WarningsBanner } from './warnings-banner.tsx';
import classes from './app-frame.module.css';

/** Header, navigation and everything that lives around a page. */
export function AppFrame() {
  const session = useSession();
  const places = placesFor(session);
  const [menuOpen, menu] = useDisclosure(false);
  const pathname = useRouterState({ select: (state) => state.location.pathname });
  useEffect(() => menu.close(), [pathname, menu]);

  return (
    <LiveProvider>
      <a className={classes.skip} href="#main">
        Skip to content
      </a>
      <AppShell
        header={{ height: 48 }}
        navbar={{ width: 208, breakpoint: 'sm', collapsed: { mobile: !menuOpen } }}
        padding={{ base: 'sm', sm: 'lg' }}
        transitionDuration={120}
      >
        <AppShell.Header>
          <div className={classes.header}>
            <Burger
              hiddenFrom="sm"
              size="sm"
              opened={menuOpen}
              onClick={menu.toggle}
              aria-label={menuOpen ? 'Close navigation' : 'Open navigation'}
              aria-expanded={menuOpen}
            />
            <Link to="/incidents" className={classes.brand} aria-label="Patchbay, to incidents">
              <Mark size={20} />
              Patchbay
            </Link>
            <span className={classes.group} title={session.group.name}>
              {session.group.name}
            </span>
            <span className={classes.spacer} />
            <PaletteButton />
            <AccountMenu />
          </div>
        </AppShell.Header>
        <AppShell.Navbar aria-label="Main">
          <div className={classes.navbar}>
            {(['work', 'plugins', 'registry', 'house'] as const)
              .filter((section) => places.some((place) => place.section === section))
              .map((section) => (
                <div key={section} className={classes.section}>
                  {places
                    .filter((place) => place.section === section)
                    .map((place) => (
                      <Link key={place.to} to={place.to} className={classes.link}>
                        <place.icon size={16} aria-hidden="true" />
                        {place.label}
                      </Link>
                    ))}
                </div>
              ))}
            <div className={classes.foot}>
              {session.version} · <kbd>?</kbd> for keys
            </div>
          </div>
        </AppShell.Navbar>
        <AppShell.Main className={classes.main ?? ''} id="main" tabIndex={-1}>
          <div className={classes.content}>
            <WarningsBanner />
            <Suspense fallback={<PageSkeleton />}>
              <Outlet />
            </Suspense>
          </div>
        </AppShell.Main>
      </AppShell>
      <CommandPalette />
      <GoKeys />
      <KeyboardHelp />
    </LiveProvider>
  );
}
