/** Where a command writes to. */
export interface Terminal {
  out(text: string): void;
  error(text: string): void;
}

/** What a command ends with: 0 all is well, 1 there are findings, 2 it could not do its work. */
export type ExitCode = 0 | 1 | 2;
