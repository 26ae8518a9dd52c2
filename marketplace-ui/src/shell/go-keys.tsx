import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useSession } from '../api/session.ts';
import { singleKeysEnabled } from '../components/single-keys.ts';
import { placesFor } from './navigation.ts';

const SECOND_KEY_MS = 1200;

/** `g` then a letter goes to a place of the navigation. */
export function GoKeys() {
  const navigate = useNavigate();
  const session = useSession();
  const armedAt = useRef(0);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!singleKeysEnabled(event)) return;
      if (event.key === 'g') {
        armedAt.current = Date.now();
        return;
      }
      const armed = Date.now() - armedAt.current < SECOND_KEY_MS;
      armedAt.current = 0;
      const place = armed && placesFor(session).find((one) => one.keys === event.key);
      if (!place) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      void navigate({ to: place.to });
    };
    // Before the commands of a page, so that `g d` never means their `d`.
    window.addEventListener('keydown', onKey, { capture: true });
    return () => window.removeEventListener('keydown', onKey, { capture: true });
  }, [navigate, session]);
  return null;
}
