/** The address when a browser may open it from a link; null for `javascript:` and anything else that is not the web. */
export function safeHref(href: string): string | null {
  return /^https?:\/\//i.test(href) && URL.canParse(href) ? href : null;
}
