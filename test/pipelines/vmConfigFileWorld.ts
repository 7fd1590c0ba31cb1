import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256Of } from '../simulators/azure-cli';
import { Machine, ScriptResult } from '../simulators/vm';
import {
  BACKUPS,
  backups,
  DIALPLAN,
  dialplanOf,
  furnishPbx,
} from '../simulators/vm/pbx';
import { SCRIPTS } from './vmWorld';

/** The commit that brings a file. */
export const COMMIT = 'c'.repeat(40);

export const NEW = '<include><!-- new --></include>\n';
export const BROKEN = '<include><broken></include>\n';

/** What lies there, what FreeSWITCH runs with, and the new copies with what they hold. */
export interface Seen {
  live?: string;
  loaded?: string;
  copies: (string | undefined)[];
  leftovers: string[];
}

/** What is seen before NEW is sent, apart from copies. */
export const before = {
  live: dialplanOf('live'),
  loaded: dialplanOf('live'),
  leftovers: [],
};

/** What is seen once it was. */
export const after: Seen = {
  live: NEW,
  loaded: NEW,
  copies: [dialplanOf('live')],
  leftovers: [],
};

/** The PBX machine, to which `vm-config-file.sh` brings a dialplan. */
export class VmConfigFileWorld {
  private constructor(readonly machine: Machine, readonly script: string) {}

  static async start(): Promise<VmConfigFileWorld> {
    const script = await readFile(join(SCRIPTS, 'vm-config-file.sh'), 'utf8');
    const machine = await Machine.create();
    await furnishPbx(machine);
    return new VmConfigFileWorld(machine, script);
  }

  async reset(): Promise<void> {
    const { machine } = this;
    await machine.dieAfter(undefined);
    await machine.failAfter(undefined);
    await machine.fillDisk(false);
    await machine.remove('/var/lib/backstage-deploy');
    for (const name of await machine.list(BACKUPS)) {
      if (!Object.values(backups).includes(name)) {
        await machine.remove(`${BACKUPS}/${name}`);
      }
    }
    await machine.remove(DIALPLAN);
    // Changed by hand since the last backup.
    await machine.write(DIALPLAN, dialplanOf('live'), { mode: 0o640 });
    await machine.useFreeswitch(DIALPLAN);
    await machine.clearChanges();
  }

  /** Runs the script with a text. */
  send(
    text: string,
    parameters: Record<string, string> = {},
  ): Promise<ScriptResult> {
    return this.machine.runScript(this.script, {
      content: Buffer.from(text).toString('base64'),
      sha256: sha256Of(text),
      commit: COMMIT,
      path: DIALPLAN,
      backup_directory: BACKUPS,
      owner: 'www-data:www-data',
      reload: 'freeswitch-xml',
      ...parameters,
    });
  }

  /** Asks which commit the file is of. */
  tell(): Promise<ScriptResult> {
    return this.machine.runScript(this.script, {
      action: 'tell',
      path: DIALPLAN,
    });
  }

  async look(): Promise<Seen> {
    const { machine } = this;
    const names = await machine.list(BACKUPS);
    const copies = names.filter(name =>
      /^public\.xml\.\d{8}T\d{6}Z$/.test(name),
    );
    const known = [...copies, ...Object.values(backups)];
    return {
      live: await machine.read(DIALPLAN),
      loaded: await machine.loaded(),
      copies: await Promise.all(
        copies.map(name => machine.read(`${BACKUPS}/${name}`)),
      ),
      leftovers: [
        ...names.filter(name => !known.includes(name)),
        ...(await machine.list(`${DIALPLAN}/..`)).filter(name =>
          name.startsWith('.'),
        ),
      ],
    };
  }

  async stop(): Promise<void> {
    await this.machine.destroy();
  }
}
