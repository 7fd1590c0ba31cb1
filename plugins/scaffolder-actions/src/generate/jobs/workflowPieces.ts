/** Scripts stop at the first command that fails, at an unset variable, and within a pipeline. */
export const defaults = { run: { shell: 'bash -euo pipefail {0}' } };

/** What whoever starts it has to type; anything else runs nothing. */
export function confirmation(word: string) {
  return {
    confirm: {
      description: `Type ${word} to confirm`,
      type: 'string',
      required: true,
    },
  };
}
