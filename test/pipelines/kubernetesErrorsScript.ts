import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { SCRIPTS } from './vmWorld';

/** How the portal counts errors, in the order in which one file uses the other. */
const SOURCES = ['levels.ts', 'readLevel.ts', 'countErrors.ts'];
const FOLDER = resolve(__dirname, '../../plugins/deploy-common/src/canary');

/** The script that counts errors on a runner, with the portal's own code in it. */
export function errorsScript(): string {
  const code = SOURCES.map(name => {
    const { outputText } = transpileModule(
      readFileSync(join(FOLDER, name), 'utf8'),
      {
        compilerOptions: {
          target: ScriptTarget.ES2022,
          module: ModuleKind.ESNext,
        },
      },
    );
    return outputText
      .replace(/^import .*\n/gm, '')
      .replace(/^export (?!\{)/gm, '')
      .replace(/^export \{.*\n/gm, '');
  });
  return `#!/usr/bin/env bash
# Counts the errors among the newest entries of a log, as the portal does: <file> <entries>, to "<errors> <entries>".
# Written by test/pipelines/kubernetesErrorsScript.ts out of the portal's own code.
set -euo pipefail

exec node - "$@" <<'JAVASCRIPT'
${code.join('')}
const [file, most] = process.argv.slice(2);
const counted = countErrors([require('node:fs').readFileSync(file, 'utf8')], Number(most));
console.log(\`\${counted.errors} \${counted.entries}\`);
JAVASCRIPT
`;
}

export const ERRORS_SCRIPT = join(SCRIPTS, 'kubernetes-errors.sh');

if (process.argv.includes('--write')) {
  writeFileSync(ERRORS_SCRIPT, errorsScript(), { mode: 0o755 });
}
