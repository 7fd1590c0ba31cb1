type Report = (
  path: readonly string[],
  message: string,
  remedy: string,
) => void;

function parsed(address: string): URL | undefined {
  try {
    return new URL(address);
  } catch {
    return undefined;
  }
}

/** Refuses what is no address, and one that holds a user or a password. */
export function checkAddress(
  address: string | undefined,
  path: readonly string[],
  report: Report,
): void {
  if (address === undefined) {
    return;
  }
  const url = parsed(address);
  if (url === undefined) {
    report(path, 'this is no address', 'Write a whole http or https address.');
    return;
  }
  if (url.username || url.password) {
    report(
      path,
      'the address holds a user or password',
      'Remove what stands before the @, and change that password: it was in the repository.',
    );
  }
}
