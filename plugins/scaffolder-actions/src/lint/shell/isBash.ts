/** Whether a `shell` is bash or sh, which the scripts are checked for. */
export function isBash(shell: string): boolean {
  return /^(\/(usr\/)?bin\/)?(env\s+)?(ba)?sh(\s|$)/.test(shell);
}
