import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  NewStep,
  StepRunner,
} from '@vvp/backstage-plugin-deploy-backend/src/operations/engine/types';
import { failingRunner, FaultScenario } from './FaultScenario';

/** The platform: a file that says what runs, and what of it serves. */
interface Platform {
  serving: string;
  running: string[];
}

const before: Platform = { serving: 'v3', running: ['v3'] };
const after: Platform = { serving: 'v2', running: ['v2'] };

/** One change of the file for each step, and what takes it back. */
const changes: Record<
  string,
  { apply(platform: Platform): Platform; revert(platform: Platform): Platform }
> = {
  activate: {
    apply: platform => withRunning(platform, 'v2'),
    revert: platform => withoutRunning(platform, 'v2'),
  },
  shift: {
    apply: platform => serving(platform, 'v2'),
    revert: platform => serving(platform, 'v3'),
  },
  retire: {
    apply: platform => withoutRunning(platform, 'v3'),
    revert: platform => withRunning(platform, 'v3'),
  },
};

function withRunning(platform: Platform, revision: string): Platform {
  const { running } = platform;
  return running.includes(revision)
    ? platform
    : { ...platform, running: [...running, revision] };
}

function withoutRunning(platform: Platform, revision: string): Platform {
  if (platform.serving === revision) {
    throw new Error(`${revision} serves and may not be taken away.`);
  }
  return {
    ...platform,
    running: platform.running.filter(id => id !== revision),
  };
}

function serving(platform: Platform, revision: string): Platform {
  if (!platform.running.includes(revision)) {
    throw new Error(`${revision} does not run and cannot serve.`);
  }
  return { ...platform, serving: revision };
}

async function read(file: string): Promise<Platform> {
  return JSON.parse(await readFile(file, 'utf8'));
}

async function write(file: string, platform: Platform): Promise<void> {
  await writeFile(`${file}.new`, JSON.stringify(platform));
  await rename(`${file}.new`, file);
}

function fileRunner(file: string): StepRunner {
  return {
    async execute(_operation, step, control) {
      await control.remember({ seen: (await read(file)).serving });
      control.log('about to change');
      await write(file, changes[step.name].apply(await read(file)));
      control.log('changed');
      await control.wait(1);
      return {};
    },
    async compensate(_operation, step, control) {
      control.log('about to change back');
      await write(file, changes[step.name].revert(await read(file)));
      control.log('changed back');
    },
  };
}

function stepOf(name: string, runner: string): NewStep {
  return { runner, name, title: name, input: {}, compensates: true };
}

/** @param fails - whether something fails after the last step, and all is undone */
export function filesScenario(fails: boolean): FaultScenario {
  return {
    async startPlatform() {
      const directory = await mkdtemp(join(tmpdir(), 'deploy-faults-'));
      const file = join(directory, 'platform.json');
      await write(file, before);
      return {
        state: { file },
        plan: async () => ({
          lockKey: `files:${file}`,
          steps: [
            ...Object.keys(changes).map(name => stepOf(name, 'files')),
            ...(fails ? [stepOf('prove', 'failing')] : []),
          ],
        }),
        async check({ outcome }) {
          const expected = outcome === 'done' ? after : before;
          const found = await read(file);
          if (JSON.stringify(found) !== JSON.stringify(expected)) {
            throw new Error(`The platform is ${JSON.stringify(found)}.`);
          }
        },
        stop: () => rm(directory, { recursive: true }),
      };
    },
    runners: async state => ({
      files: fileRunner(String(state.file)),
      failing: failingRunner,
    }),
  };
}

export const scenario = filesScenario(false);
