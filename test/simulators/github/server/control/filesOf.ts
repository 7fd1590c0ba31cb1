/** Contents as text by path; `null` removes a file. */
export function filesOf(
  files: Record<string, string | null>,
): Map<string, Buffer | undefined> {
  return new Map(
    Object.entries(files).map(([path, content]) => [
      path,
      content === null ? undefined : Buffer.from(content),
    ]),
  );
}
