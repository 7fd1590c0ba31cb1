/** What stops a command and what the person can do about it; shown without a stack. */
export class Problem extends Error {
  name = 'Problem';
}

/** Runs a command; a {@link Problem} is printed as it is, and the process then ends with 1. */
export async function runCommand(command) {
  try {
    await command();
  } catch (error) {
    console.error(error instanceof Problem ? `\n${error.message}` : error);
    process.exitCode = 1;
  }
}
