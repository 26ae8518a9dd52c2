const FIELDS = 200;
const HEAD_CHARS = 1000;

/**
 * The text fields of a multipart/form-data body (RFC 7578); files are left out. Undefined when the content type names
 * no boundary or the body has none of its parts.
 */
export function multipartFields(body: string, contentType: string): Record<string, string> | undefined {
  const boundary = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType);
  if (boundary === null) return undefined;
  const parts = `\n${body}`.split(`\n--${boundary[1] ?? boundary[2] ?? ''}`).slice(1, FIELDS);
  const fields = parts.flatMap((part): [string, string][] => {
    const end = /\r?\n\r?\n/.exec(part);
    if (part.startsWith('--') || end === null) return [];
    const head = part.slice(0, Math.min(end.index, HEAD_CHARS));
    const name = /content-disposition:[^\n]*[;\s]name=(?:"([^"\n]*)"|([^\s;"]+))/i.exec(head);
    if (name === null || /[;\s]filename\*?=/i.test(head)) return [];
    return [[name[1] ?? name[2] ?? '', part.slice(end.index + end[0].length).replace(/\r$/, '')]];
  });
  return fields.length === 0 ? undefined : Object.fromEntries(fields);
}
