import { readdirSync } from 'node:fs';
import {
  CANARY,
  imageOf,
  KubernetesWorld,
  NAME,
  NAMESPACE,
} from './kubernetesWorld';

jest.setTimeout(240_000);

const CONFIG = (level: string) => `apiVersion: v1
kind: ConfigMap
metadata: { name: ${NAME} }
data: { LEVEL: ${level} }
`;

/** A run that is to mend what another one left. */
const MENDING = { MANIFESTS: 'k8s' };

const ENVIRONMENT = {
  MANIFESTS: 'k8s',
  CANARY_PERCENT: '20',
  CANARY_LOOK_SECONDS: '60',
};

/** What a deployment changes, in its order: with each of these it can break off. */
const CHANGES = [
  'apply record',
  'apply config',
  'delete canary',
  'apply canary',
  'patch deployment',
  'annotate deployment',
  'delete canary again',
  'delete record',
] as const;

describe('a deployment to Kubernetes', () => {
  let world: KubernetesWorld;

  beforeEach(async () => {
    world = await KubernetesWorld.start({ quick: true });
    await world.deployed('old', 'now');
    await world.pipeline.patch('deployments', NAME, {
      metadata: {
        annotations: { 'deploy.vvp.io/served': currentSet() },
      },
    });
    await world.pipeline.untilRolledOut('deployments', NAME);
    world.front.add('ConfigMap', NAMESPACE, NAME, { data: { LEVEL: 'info' } });
    world.write('k8s/config.yml', CONFIG('debug'));
  });

  afterEach(() => world.stop());

  function currentSet(): string {
    const { store } = world.simulator.cluster;
    const [set] = store
      .list('ReplicaSet', NAMESPACE)
      .filter(({ spec }) => spec.replicas > 0);
    return set.metadata.name;
  }

  /** Lets something happen at one of the changes, once. */
  function at(
    change: (typeof CHANGES)[number],
    moment: 'before' | 'after',
    happen: () => void,
  ): void {
    let applied = 0;
    let deleted = 0;
    let isOver = false;
    world.kubectl.interrupt = (command, when) => {
      if (when !== moment || isOver) {
        return;
      }
      applied += command === 'apply' ? 1 : 0;
      deleted += command === 'delete deployment' ? 1 : 0;
      const [verb, what, again] = change.split(' ');
      const number = ['record', 'config', 'canary'].indexOf(what) + 1;
      const isIt =
        (verb === 'apply' && command === 'apply' && applied === number) ||
        (what === 'canary' &&
          command === 'delete deployment' &&
          verb === 'delete' &&
          deleted === (again ? 2 : 1)) ||
        (change === 'delete record' && command === 'delete configmap') ||
        change === command;
      if (isIt) {
        isOver = true;
        happen();
      }
    };
  }

  const kill = () => {
    world.child?.kill('SIGKILL');
  };
  const refuse = () => {
    throw new Error('Unable to connect to the server: EOF');
  };

  const config = () => world.config(NAME)?.LEVEL;

  it.each(CHANGES.slice(0, 5))(
    'that is refused at "%s" leaves what ran, and is done by a second run',
    async change => {
      at(change, 'before', refuse);

      expect((await world.run(ENVIRONMENT)).code).not.toBe(0);
      expect(world.serving()).toEqual(['now']);
      expect(config()).toBe('info');
      expect(world.leftovers()).toEqual([]);

      expect((await world.run(MENDING)).code).toBe(0);
      expect(world.serving()).toEqual(['new']);
      expect(config()).toBe('debug');
      expect(world.leftovers()).toEqual([]);
    },
  );

  it.each(CHANGES.slice(5))(
    'that is refused at "%s", when all is done, tries again',
    async change => {
      at(change, 'before', refuse);

      expect((await world.run(ENVIRONMENT)).code).toBe(0);
      expect(world.serving()).toEqual(['new']);
      expect(world.leftovers()).toEqual([]);
    },
  );

  it.each([
    'apply record',
    'apply config',
    'apply canary',
    'patch deployment',
  ] as const)(
    'that was killed at "%s" is known to the next one, which goes back to what ran before both',
    async change => {
      at(change, 'after', kill);
      expect((await world.run(ENVIRONMENT)).code).toBeNull();
      world.kubectl.interrupt = undefined;
      world.healthy = release => release === 'now';

      const { output } = await world.run({
        ...MENDING,
        IMAGE: imageOf('other'),
      });

      expect(output).toContain(
        'An earlier run did not come to its end: what was there before it still counts.',
      );
      expect(output).toContain('Rolled back');
      expect(world.serving()).toEqual(['now']);
      expect(config()).toBe('info');
      expect(world.leftovers()).toEqual([]);
    },
  );

  it.each(['apply canary', 'annotate deployment'] as const)(
    'that was killed at "%s" is done by a second run',
    async change => {
      at(change, 'after', kill);
      await world.run(ENVIRONMENT);
      world.kubectl.interrupt = undefined;

      expect((await world.run(MENDING)).code).toBe(0);
      expect(world.serving()).toEqual(['new']);
      expect(config()).toBe('debug');
      expect(world.leftovers()).toEqual([]);
    },
  );

  it('that was killed is taken back by a rollback', async () => {
    at('patch deployment', 'after', kill);
    await world.run(ENVIRONMENT);
    world.kubectl.interrupt = undefined;

    const { code, output } = await world.rollBack();

    expect(output).toContain(
      'a release that was never found good is taken back',
    );
    expect(code).toBe(0);
    expect(world.serving()).toEqual(['now']);
    expect(config()).toBe('info');
    expect(world.leftovers()).toEqual([]);
  });

  it('that was killed while it went back goes back to the same in a second run', async () => {
    world.healthy = release => release === 'now';
    world.kubectl.interrupt = (command, moment) => {
      if (command === 'replace' && moment === 'before') {
        kill();
        refuse();
      }
    };
    expect((await world.run(ENVIRONMENT)).code).toBeNull();
    world.kubectl.interrupt = undefined;

    const { output } = await world.run(ENVIRONMENT);

    expect(output).toContain('Rolled back');
    expect(world.serving()).toEqual(['now']);
    expect(config()).toBe('info');
    expect(world.leftovers()).toEqual([]);
  });

  it('that was killed does not count once somebody else brought something in', async () => {
    at('patch deployment', 'after', kill);
    await world.run(ENVIRONMENT);
    world.kubectl.interrupt = undefined;
    await world.pipeline.setImage('deployments', NAME, imageOf('by-hand'));
    await world.pipeline.untilRolledOut('deployments', NAME);
    world.healthy = release => release === 'by-hand';

    const { output } = await world.run({
      ...MENDING,
      IMAGE: imageOf('other'),
    });

    expect(output).toContain('Rolled back');
    expect(world.serving()).toEqual(['by-hand']);
  });

  it.each(['annotate', 'rollout'] as const)(
    'whose rollback was killed at "%s" is rolled back by a second run, and no further',
    async verb => {
      await world.run(MENDING);
      world.kubectl.interrupt = (command, moment) => {
        if (command.startsWith(verb) && moment === 'after') {
          kill();
        }
      };
      expect((await world.rollBack()).code).toBeNull();
      world.kubectl.interrupt = undefined;

      const { code } = await world.rollBack();

      expect(code).toBe(0);
      expect(world.serving()).toEqual(['now']);
      expect(world.leftovers()).toEqual([]);
    },
  );

  describe('that is cancelled', () => {
    const cancelled = () =>
      world.run({ IMAGE: '', RUNNER_TEMP: world.folder }, 'cancelled');
    const noted = () =>
      readdirSync(world.folder).filter(name => name.startsWith('kubernetes-'));

    it.each(['apply config', 'apply canary', 'patch deployment'] as const)(
      'at "%s" is taken back by the next step',
      async change => {
        at(change, 'after', kill);
        await world.run({ ...ENVIRONMENT, RUNNER_TEMP: world.folder });
        world.kubectl.interrupt = undefined;
        expect(noted()).toHaveLength(1);

        const { code, output } = await cancelled();

        expect(output).toContain('The run was ended before');
        expect(output).toContain('Rolled back');
        expect(code).toBe(1);
        expect(world.serving()).toEqual(['now']);
        expect(config()).toBe('info');
        expect(world.leftovers()).toEqual([]);
        expect(noted()).toEqual([]);
      },
    );

    it('is left where it was found good', async () => {
      await world.run({ ...MENDING, RUNNER_TEMP: world.folder });

      const { code, output } = await cancelled();

      expect(output).toContain('Nothing of this run is left');
      expect(code).toBe(0);
      expect(world.serving()).toEqual(['new']);
    });

    it('takes back nothing that somebody else brought in since', async () => {
      at('patch deployment', 'after', kill);
      await world.run({ ...ENVIRONMENT, RUNNER_TEMP: world.folder });
      world.kubectl.interrupt = undefined;
      await world.pipeline.setImage('deployments', NAME, imageOf('by-hand'));
      await world.pipeline.untilRolledOut('deployments', NAME);

      const { code, output } = await cancelled();

      expect(output).toContain('is not of this run');
      expect(code).toBe(0);
      expect(world.serving()).toEqual(['by-hand']);
    });
  });

  it('never has a canary of an earlier run beside it', async () => {
    at('apply canary', 'after', kill);
    await world.run(ENVIRONMENT);
    world.kubectl.interrupt = undefined;
    expect(world.deployment(CANARY)).toBeDefined();

    await world.run({
      ...MENDING,
      IMAGE: imageOf('other'),
    });

    expect(world.leftovers()).toEqual([]);
    expect(world.serving()).toEqual(['other']);
  });
});
