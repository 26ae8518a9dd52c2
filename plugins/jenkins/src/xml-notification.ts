/** The Notification plugin's other format: the same fields as elements of XML. Undefined for text without them. */
export function xmlNotification(text: string): unknown {
  const start = text.indexOf('<build>');
  const end = text.indexOf('</build>', start);
  if (start === -1 || end === -1) return undefined;
  const inner = text.slice(start, end);
  const job = text.slice(0, start) + text.slice(end);
  return {
    name: element(job, 'name'),
    url: element(job, 'url'),
    build: {
      phase: element(inner, 'phase'),
      status: element(inner, 'status'),
      number: element(inner, 'number'),
      full_url: element(inner, 'fullUrl') ?? element(inner, 'full_url') ?? element(inner, 'full__url'),
      url: element(inner, 'url'),
    },
  };
}

function element(xml: string, name: string): string | undefined {
  const content = new RegExp(`<${name}>([^<]{0,2000})</${name}>`).exec(xml)?.[1];
  return content
    ?.replace(/&(lt|gt|quot|apos);/g, (_, sign: string) => ({ lt: '<', gt: '>', quot: '"', apos: "'" })[sign] ?? '')
    .replaceAll('&amp;', '&');
}
