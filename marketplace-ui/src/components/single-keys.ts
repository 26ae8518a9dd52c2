import { useEffect, useEffectEvent, useSyncExternalStore } from 'react';

const KEY = 'patchbay-single-keys';
const changed = 'patchbay:single-keys';

function stored(): boolean {
  return localStorage.getItem(KEY) !== 'off';
}

/** Whether a key pressed alone is a command: not while typing, not in a dialog, not when switched off (WCAG 2.1.4). */
export function singleKeysEnabled(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !stored()) return false;
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest('input, textarea, select, [contenteditable="true"], [role="menu"], [role="listbox"]'))
    return false;
  return document.querySelector('[role="dialog"]') === null;
}

/** Runs a command when its key is pressed alone. */
export function useSingleKey(key: string, command: () => void): void {
  const run = useEffectEvent(command);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== key || !singleKeysEnabled(event)) return;
      event.preventDefault();
      run();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [key]);
}

/** The viewer's choice, kept in this browser. */
export function useSingleKeysSetting(): [on: boolean, set: (on: boolean) => void] {
  const on = useSyncExternalStore((listener) => {
    window.addEventListener(changed, listener);
    return () => window.removeEventListener(changed, listener);
  }, stored);
  return [
    on,
    (next) => {
      if (next) localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, 'off');
      window.dispatchEvent(new Event(changed));
    },
  ];
}
