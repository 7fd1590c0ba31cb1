export type Environment = Readonly<Record<string, string | undefined>>;

/** What the service needs to work, by name; a check rejects if it is not there. */
export const checks: Readonly<
  Record<string, (environment: Environment) => Promise<void>>
> = {};
