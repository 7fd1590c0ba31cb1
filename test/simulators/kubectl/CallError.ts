/** Why a call ends badly, as it is written on the error output. */
export class CallError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}
