/** A request like those of the vendor, from a plugin's own fixtures. */
export interface SampleRequest {
  readonly body: string;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** For plugins without fixtures: what most of them understand as one alert, or refuse with a useful message. */
export const plainSample: SampleRequest = {
  body: JSON.stringify({
    title: 'Test alert from Patchbay',
    message: 'This alert was sent by hand.',
    severity: 'warning',
    status: 'firing',
    id: 'patchbay-test',
    source: 'patchbay',
  }),
  contentType: 'application/json',
  headers: {},
};

/** A command that works when pasted into a POSIX shell. */
export function curlOf(url: string, key: string, sample: SampleRequest): string {
  const headers = [
    `Authorization: Bearer ${key}`,
    `Content-Type: ${sample.contentType}`,
    ...Object.entries(sample.headers).map(([name, value]) => `${name}: ${value}`),
  ];
  return [
    `curl -X POST ${quoted(url)}`,
    ...headers.map((header) => `  -H ${quoted(header)}`),
    `  --data-binary ${quoted(sample.body)}`,
  ].join(' \\\n');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
