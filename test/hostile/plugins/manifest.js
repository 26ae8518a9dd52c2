/** A manifest against which nothing stands, with some fields in another way. @param {object} fields */
export function manifest(fields) {
  return {
    id: 'evil/plugin',
    version: '1.0.0',
    hostApi: '^1.0.0',
    name: 'Evil',
    summary: 'Does no good',
    licence: 'Apache-2.0',
    categories: ['generic'],
    provides: ['deliver'],
    ...fields,
  };
}
