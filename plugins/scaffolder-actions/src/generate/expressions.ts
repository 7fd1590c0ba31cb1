import { DeploySpec } from '@vvp/backstage-plugin-deploy-common';

/** A value of `deploy.yaml` that is written down, or says where it comes from. */
export type Setting = NonNullable<DeploySpec['environment']>[string];

const sources = {
  commit: '${{ github.sha }}',
  repository: '${{ github.repository }}',
} as const;

/** What stands in a workflow for a setting. */
export function expressionOf(setting: Setting): string {
  if (typeof setting === 'string') {
    return setting;
  }
  if (setting.secret !== undefined) {
    return secret(setting.secret);
  }
  if (setting.variable !== undefined) {
    return `\${{ vars.${setting.variable} }}`;
  }
  return sources[setting.from as keyof typeof sources];
}

/** Whether a setting must not be seen. */
export function isSecret(setting: Setting): boolean {
  return typeof setting === 'object' && setting.secret !== undefined;
}

/** A secret of the repository or of the job's environment. */
export function secret(name: string): string {
  return `\${{ secrets.${name} }}`;
}

/** A text within single quotes of an expression. */
export function literal(text: string): string {
  return `'${text.replace(/'/g, "''")}'`;
}

/** A word of a script, whatever is in it. */
export function quote(word: string): string {
  return /^[A-Za-z0-9_./:=@%+,-]+$/.test(word)
    ? word
    : `'${word.replace(/'/g, `'\\''`)}'`;
}
