/** "incident.opened" as people say it: "opened". */
export function changeWords(type: string): string {
  return type.replace(/^incident\./, '');
}
