import { useEffect } from 'react';

/** Moves the focus to the page's heading, or to the one named, when a screen that asks for a decision opens. */
export function useHeadingFocus(selector = 'main h1'): void {
  useEffect(() => {
    const heading = document.querySelector<HTMLElement>(selector);
    if (heading === null) return;
    heading.tabIndex = -1;
    heading.style.outline = 'none';
    heading.focus();
  }, [selector]);
}
