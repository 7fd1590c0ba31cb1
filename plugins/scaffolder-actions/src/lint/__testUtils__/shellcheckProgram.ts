import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** ShellCheck where the machine has it, else one from an npm package, which takes a second a script. */
export const shellcheckProgram = isInstalled('shellcheck')
  ? 'shellcheck'
  : path.resolve(__dirname, 'shellcheck.mjs');

function isInstalled(name: string): boolean {
  return (process.env.PATH ?? '').split(path.delimiter).some(folder => {
    try {
      accessSync(path.join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
