import { useEffect, useEffectEvent } from 'react';

/** Runs a command on Escape, unless a dialog, menu or field made use of the key. */
export function useEscape(command: () => void): void {
  const run = useEffectEvent(command);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      if (document.querySelector('[role="dialog"], [role="menu"], [role="listbox"]') !== null) return;
      run();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
