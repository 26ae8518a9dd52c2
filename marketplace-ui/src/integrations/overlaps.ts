/** How long what was replaced goes on to work: hours, in words. */
export const overlaps: { value: string; label: string }[] = [
  { value: '0', label: 'at once' },
  { value: '1', label: 'after 1 hour' },
  { value: '24', label: 'after 1 day' },
  { value: '72', label: 'after 3 days' },
  { value: '168', label: 'after 7 days' },
];

export function overlapWords(hours: string): string {
  return overlaps.find(({ value }) => value === hours)?.label ?? 'after 1 day';
}
