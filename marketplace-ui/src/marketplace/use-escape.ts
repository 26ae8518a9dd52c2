import { useEffect, useEffectEvent } from 'react';

/** Runs a command on Escape, unless a dialog, menu or field made use of the key. */
export function useEscape(command: () => void): void {
  const run = useEffectEvent(command);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      // What closes on Escape may be gone already when this runs, so the place of the key press decides.
      const target = event.target instanceof Element ? event.target : null;
      if (target?.closest('[role="dialog"], [role="menu"], [aria-expanded="true"]')) return;
      run();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
