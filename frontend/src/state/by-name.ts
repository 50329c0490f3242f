/** People in the order of their names. */
export function byName<T extends { name: string }>(people: Iterable<T>): T[] {
  return [...people].sort((a, b) => a.name.localeCompare(b.name));
}
