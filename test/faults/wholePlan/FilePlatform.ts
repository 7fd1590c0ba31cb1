import {
  appendFileSync,
  existsSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Revision } from '@vvp/backstage-plugin-deploy-common';
import {
  DeployTarget,
  StepControl,
  TargetError,
} from '@vvp/backstage-plugin-deploy-node';

/** What runs on a {@link FilePlatform}. */
export type FileRevision = Pick<Revision, 'id' | 'commit'>;

/** A platform that is a folder: it outlives the processes that drive it. */
export class FilePlatform {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** @param revisions - newest first; the first one serves */
  create(revisions: readonly FileRevision[]): void {
    this.#write('revisions', JSON.stringify(revisions));
    this.#write('serving', revisions[0].id);
    this.#write('changes', '');
  }

  get serving(): string {
    return this.#read('serving');
  }

  /** What the portal put in place, in order; not what was there already. */
  get changes(): string[] {
    return this.#read('changes').split('\n').slice(0, -1);
  }

  /** Whether the portal has asked for a change. */
  get isAsked(): boolean {
    return existsSync(this.#path('asked'));
  }

  /** From now on changes are made: until then they are under way. */
  letGo(): void {
    this.#write('ready', '');
  }

  /** Somebody else puts a revision there. */
  displace(revision: FileRevision): void {
    this.#write('revisions', JSON.stringify([revision, ...this.#revisions()]));
    this.#write('serving', revision.id);
  }

  /** @param hasCredentials - without them the platform answers nothing */
  target({ hasCredentials }: { hasCredentials: boolean }): DeployTarget {
    const list = async (): Promise<Revision[]> => {
      if (!hasCredentials) {
        throw new TargetError(
          'credentials',
          'The portal has no credentials for the platform.',
          { remedy: 'Give it some.' },
        );
      }
      const { serving } = this;
      return this.#revisions().map(one => ({
        ...one,
        current: one.id === serving,
      }));
    };
    const current = async () => (await list()).find(one => one.current);
    const switchTo = async (revision: unknown, control: StepControl) => {
      await list();
      control.log(`Asking for ${revision}`);
      this.#write('asked', '');
      while (!existsSync(this.#path('ready'))) {
        await control.wait(50);
      }
      if (this.serving !== revision) {
        this.#write('serving', String(revision));
        appendFileSync(this.#path('changes'), `${revision}\n`);
      }
      control.log(`${revision} serves`);
    };
    const healthy = { state: 'healthy' as const };
    return {
      type: 'azure-container-app',
      describe: () => ({
        resource: `Folder ${this.#directory}`,
        lockKey: `azure-container-app:${this.#directory}`,
        canRestart: false,
      }),
      revisions: list,
      currentRevision: current,
      planRollback: async (_environment, id) => {
        const from = await current();
        const to = (await list()).find(one => one.id === id);
        return {
          from,
          to,
          alreadyThere: false,
          steps: [
            {
              name: 'switch',
              title: `Switch to ${id}`,
              input: { from: String(from?.id), to: id },
              compensates: true,
              timeoutSeconds: 600,
            },
          ],
          configuration: [],
          notRestored: [],
          artifact: { state: 'present' },
        };
      },
      executeStep: async (_environment, { input }, control) => {
        // Nothing is to be undone of what was never begun.
        await list();
        await control.remember({ from: input.from });
        await switchTo(input.to, control);
        return {};
      },
      compensateStep: (_environment, { input }, control) =>
        switchTo(input.from, control),
      verify: async (_environment, revision) => {
        const serving = (await current())?.id;
        return { serving, inPlace: serving === revision, health: healthy };
      },
      health: async () => {
        await list();
        return healthy;
      },
      diagnostics: async () => ({
        health: healthy,
        facts: [],
        events: [],
        logs: [],
        problems: [],
      }),
    };
  }

  #revisions(): FileRevision[] {
    return JSON.parse(this.#read('revisions'));
  }

  #path(name: string): string {
    return join(this.#directory, name);
  }

  #read(name: string): string {
    return readFileSync(this.#path(name), 'utf8');
  }

  /** As a whole or not at all, whenever the process dies. */
  #write(name: string, text: string): void {
    writeFileSync(this.#path(`${name}.new`), text);
    renameSync(this.#path(`${name}.new`), this.#path(name));
  }
}
