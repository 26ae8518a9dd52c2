/**
 * How many letters have to be inserted, left out, exchanged or swapped with their neighbour to get from one text to the
 * other (optimal string alignment), or something above `most` as soon as it is more.
 */
export function editDistance(one: string, other: string, most: number): number {
  let before: number[] = [];
  let previous = Array.from({ length: other.length + 1 }, (_letter, at) => at);
  for (let row = 1; row <= one.length; row++) {
    const present = [row];
    for (let column = 1; column <= other.length; column++) {
      const same = one[row - 1] === other[column - 1];
      let steps = Math.min(
        (previous[column] ?? 0) + 1,
        (present[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped = row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      if (swapped) steps = Math.min(steps, (before[column - 2] ?? 0) + 1);
      present.push(steps);
    }
    if (Math.min(...present) > most) return most + 1;
    before = previous;
    previous = present;
  }
  return previous[other.length] ?? 0;
}
