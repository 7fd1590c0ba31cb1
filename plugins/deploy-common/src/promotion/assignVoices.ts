/**
 * A rule on approvals, as far as sharing out the voices needs it.
 *
 * @public
 */
export interface VoiceSeat {
  required: number;
  accepts(person: string): boolean;
}

/**
 * Shares voices out over rules so that as many as possible count: each person for one rule, no rule beyond
 * what it requires. A person who fits several rules makes room for one who fits fewer (maximum bipartite
 * matching by augmenting paths).
 *
 * @param people - each once; who comes first keeps a seat
 * @returns the people that count for each rule, in the order of the rules
 * @public
 */
export function assignVoices(
  people: readonly string[],
  seats: readonly VoiceSeat[],
): string[][] {
  const taken: string[][] = seats.map(() => []);

  const seat = (person: string, visited: Set<number>): boolean => {
    for (const [index, { required, accepts }] of seats.entries()) {
      if (!visited.has(index) && accepts(person)) {
        visited.add(index);
        if (taken[index].length < required) {
          taken[index].push(person);
          return true;
        }
        const moved = taken[index].findIndex(other => seat(other, visited));
        if (moved >= 0) {
          taken[index][moved] = person;
          return true;
        }
      }
    }
    return false;
  };

  for (const person of new Set(people)) {
    seat(person, new Set());
  }
  return taken;
}
