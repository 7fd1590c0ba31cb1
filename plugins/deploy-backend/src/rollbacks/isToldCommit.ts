/** Platforms often know a commit by its first digits only. */
export function isToldCommit(known: string, told: string | undefined): boolean {
  return (
    told !== undefined &&
    told.length >= 7 &&
    known.startsWith(told.toLowerCase())
  );
}
