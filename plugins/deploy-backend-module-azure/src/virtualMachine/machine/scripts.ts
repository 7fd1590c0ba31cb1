import { readFileSync } from 'node:fs';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { shellAssignments } from './quote';

/** What a script does; each is put together of the files beside it, in `shell/`. */
const scripts = {
  'release-inspect': ['health', 'release', 'release-inspect'],
  'release-activate': ['health', 'release', 'release-activate'],
  'release-restore': ['health', 'release', 'release-restore'],
  'release-restart': ['health', 'release', 'release-restart'],
  'config-file-inspect': ['health', 'config-file', 'config-file-inspect'],
  'config-file-activate': ['health', 'config-file', 'config-file-activate'],
  'config-file-restore': ['health', 'config-file', 'config-file-restore'],
  'config-file-reload': ['health', 'config-file', 'config-file-reload'],
  diagnose: ['health', 'diagnose'],
} as const;

/** Name of a script. */
export type ScriptName = keyof typeof scripts;

/** Values of a script's variables. Never a secret. */
export type ScriptValues = Readonly<Record<string, string | number>>;

const SEARCH_PATH =
  '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/freeswitch/bin';

const files = new Map<string, string>();

/**
 * The lines of a script: its values, then a text that is the same for every machine and service.
 *
 * @param nonce - that its answer begins with
 */
export function buildScript(
  name: ScriptName,
  values: ScriptValues,
  nonce: string,
): string[] {
  const body = ['common', ...scripts[name]].map(readShell).join('\n');
  return [
    '#!/bin/bash',
    ...shellAssignments({ ...values, PATH: SEARCH_PATH, nonce }),
    ...body.split('\n'),
  ];
}

function readShell(name: string): string {
  let text = files.get(name);
  if (text === undefined) {
    text = readFileSync(
      resolvePackagePath(
        '@vvp/backstage-plugin-deploy-backend-module-azure',
        'shell',
        `${name}.sh`,
      ),
      'utf8',
    );
    files.set(name, text);
  }
  return text;
}
