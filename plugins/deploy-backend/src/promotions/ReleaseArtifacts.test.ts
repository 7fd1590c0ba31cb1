import {
  ArtifactState,
  RevisionEntry,
} from '@vvp/backstage-plugin-deploy-common';
import {
  KnownEnvironment,
  TargetEnvironments,
} from '../targets/TargetEnvironments';
import { ReleaseArtifacts } from './ReleaseArtifacts';

const commit = 'a'.repeat(40);

function place(name: string, type = 'ecs'): KnownEnvironment {
  return {
    id: name,
    entityRef: 'component:default/vvp-verifier',
    name,
    definition: { target: { type } },
  } as unknown as KnownEnvironment;
}

const production = place('production');

/** Which environments have a revision of the release, and what its registry says. */
function artifacts(options: {
  staging?: KnownEnvironment;
  has?: string[];
  says?: () => Promise<ArtifactState>;
  now?: () => number;
  waitMs?: number;
}) {
  const asked: string[] = [];
  const staging = options.staging ?? place('staging');
  const target = {
    describe: () => ({ resource: 'The platform' }),
    planRollback: async ({ name }: { name: string }) => {
      asked.push(name);
      const artifact = (await options.says?.()) ?? { state: 'present' };
      return { artifact };
    },
  };
  const reader = new ReleaseArtifacts({
    environments: {
      find: async () => staging,
      isDriven: () => true,
      driven: (known: KnownEnvironment) => ({ target, environment: known }),
    } as unknown as TargetEnvironments,
    revisions: {
      revisions: async ({ name }) => ({
        target: 'ecs',
        resource: 'The platform',
        items: (options.has ?? ['staging']).includes(name)
          ? [{ id: 'one', commit } as RevisionEntry]
          : [],
      }),
    },
    ...(options.now && { now: options.now }),
    ...(options.waitMs !== undefined && { waitMs: options.waitMs }),
  });
  return {
    asked,
    ask: () => reader.of(production, ['dev', 'staging'], commit),
  };
}

describe('artifacts of a release', () => {
  it('are asked for where the last environment has them', async () => {
    const here = artifacts({ has: ['staging', 'production'] });
    const before = artifacts({});

    expect(await here.ask()).toEqual({
      environment: 'production',
      state: 'present',
    });
    expect(await before.ask()).toEqual({
      environment: 'staging',
      state: 'present',
    });
  });

  it('are told to be gone', async () => {
    const { ask } = artifacts({
      says: async () => ({ state: 'missing', message: 'Push it again.' }),
    });

    expect(await ask()).toEqual({
      environment: 'staging',
      state: 'missing',
      message: 'Push it again.',
    });
  });

  it('are not known where nobody has a revision of it', async () => {
    expect(await artifacts({ has: [] }).ask()).toBeUndefined();
  });

  it('are not asked for where a question is a command on a machine', async () => {
    const { ask, asked } = artifacts({ staging: place('staging', 'azure-vm') });

    expect(await ask()).toBeUndefined();
    expect(asked).toEqual([]);
  });

  it('are not known where the platform does not answer', async () => {
    const { ask } = artifacts({
      says: async () => {
        throw new Error('The registry is away.');
      },
    });

    expect(await ask()).toEqual({
      environment: 'staging',
      state: 'unknown',
      message: 'The registry is away.',
    });
  });

  it('keep nobody waiting, and are told the next time', async () => {
    let answer: (state: ArtifactState) => void = () => {};
    const says = new Promise<ArtifactState>(resolve => {
      answer = resolve;
    });
    const { ask, asked } = artifacts({ says: () => says, waitMs: 0 });

    const first = await ask();
    answer({ state: 'present' });
    let next = await ask();
    while (next?.state === 'pending') {
      next = await ask();
    }

    expect(first).toEqual({ environment: 'production', state: 'pending' });
    expect(next).toEqual({ environment: 'staging', state: 'present' });
    expect(asked).toHaveLength(1);
  });

  it('are asked for again after some minutes', async () => {
    let now = 0;
    const { ask, asked } = artifacts({ now: () => now });

    await ask();
    now = 4 * 60_000;
    await ask();
    const before = asked.length;
    now = 6 * 60_000;
    await ask();

    expect([before, asked.length]).toEqual([1, 2]);
  });
});
