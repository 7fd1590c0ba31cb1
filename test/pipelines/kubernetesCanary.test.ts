import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OpenApiValidator } from '../simulators/kubernetes';
import { saveKubernetesValidation } from '../targets/kubernetesValidation';
import {
  CANARY,
  imageOf,
  KubernetesWorld,
  NAME,
  NAMESPACE,
} from './kubernetesWorld';
import { SCRIPTS } from './vmWorld';

jest.setTimeout(240_000);

const SECRET = 'p@ss "word" $(id) = 1';

describe('a canary in Kubernetes', () => {
  const validator = new OpenApiValidator();
  let world: KubernetesWorld;

  beforeEach(async () => {
    world = await KubernetesWorld.start({ validator, quick: true });
  });

  afterEach(() => world.stop());

  afterAll(() => saveKubernetesValidation(validator, 'kubernetes-canary'));

  const canary = { CANARY_PERCENT: '10' };

  it('has it beside what serves, and goes on if it is well', async () => {
    await world.deployed('old', 'now');
    const seen: string[] = [];
    world.kubectl.interrupt = (command, moment) => {
      if (command === 'logs' && moment === 'after') {
        seen.push(
          `${world.serving()} ${world.serving(CANARY)} ${
            world.deployment(CANARY)?.spec.replicas
          }`,
        );
      }
    };

    const { code, output } = await world.run(canary);

    expect(output).toContain('The canary was well for 1 minutes.');
    expect(code).toBe(0);
    expect(seen).toEqual(['now new 1', 'now new 1', 'now new 1']);
    expect(world.serving()).toEqual(['new']);
    expect(world.leftovers()).toEqual([]);
  });

  it.each([
    [3, '10', 1],
    [3, '40', 2],
    [3, '60', 5],
    [18, '10', 2],
    [19, '10', 3],
    [0, '10', 1],
  ])(
    'of %i pods, gives it for %s percent %i besides',
    async (replicas, percent, pods) => {
      await world.deployed('now');
      const live = {
        ...world.deployment(),
        spec: { ...world.deployment()?.spec, replicas },
      };
      world.write('live.json', JSON.stringify(live));

      execFileSync(
        join(SCRIPTS, 'kubernetes-objects.sh'),
        ['canary', 'live.json', 'live.json', 'canary.json'],
        {
          cwd: world.folder,
          env: {
            ...process.env,
            DEPLOYMENT: NAME,
            IMAGE: imageOf('new'),
            CANARY_PERCENT: percent,
          },
        },
      );

      const file = readFileSync(join(world.folder, 'canary.json'), 'utf8');
      expect(JSON.parse(file).spec.replicas).toBe(pods);
    },
  );

  it.each([
    ['takes it back', 6, 1, ['now']],
    ['lets it pass', 5, 0, ['new']],
  ])(
    '%s for %i errors in the newest entries of its log',
    async (_, errors, code, serving) => {
      await world.deployed('old', 'now');
      world.kubectl.interrupt = command => {
        for (const pod of command === 'logs' ? canaryPods() : []) {
          world.simulator.cluster.logs.set(pod, [
            ...logOf('ERROR long ago', 50, 0),
            ...logOf('INFO fine', 100 - errors, 100),
            ...logOf('ERROR call failed password=hunter2', errors, 300),
          ]);
        }
      };

      const ended = await world.run(canary);

      expect(ended.code).toBe(code);
      expect(world.serving()).toEqual(serving);
      expect(ended.output).not.toContain('hunter2');
      expect(
        ended.output.includes(`too many errors: ${errors} in 100 entries`),
      ).toBe(code === 1);
      expect(world.leftovers()).toEqual([]);
    },
  );

  it('never touches what serves if it does not come up', async () => {
    await world.deployed('old', 'now');
    const before = world.deployment()?.metadata.generation ?? 0;
    world.simulator.setFate(imageOf('new'), 'unready');

    const { code, output } = await world.run({ ...canary, LOOKS: '5' });

    expect(output).toContain(`The pods of ${CANARY} do not come up`);
    expect(code).toBe(1);
    expect(world.serving()).toEqual(['now']);
    expect(world.deployment()?.metadata.generation).toBe(before);
    expect(world.leftovers()).toEqual([]);
  });

  it('takes it back if its log cannot be read, time after time', async () => {
    await world.deployed('now');
    world.simulator.denyLogs('pipeline');

    const { code, output } = await world.run(canary);

    expect(output).toContain('It cannot be told how the canary is.');
    expect(code).toBe(1);
    expect(world.serving()).toEqual(['now']);
  });

  it.each([
    ['is too large', ['0.4', '2.5'], 'The metric is 2.5'],
    ['is too large beside an idle one', ['NaN', '2.5'], 'The metric is 2.5'],
    ['is beyond all bounds', ['+Inf'], 'The metric is Infinity'],
    ['is as it should be', ['1.5'], undefined],
    ['is as it should be beside an idle one', ['1.5', 'NaN'], undefined],
    ['is not known', [], 'the metric never had a value'],
    ['is idle alone', ['NaN'], 'the metric never had a value'],
  ])('looks at a metric that %s', async (_, values, complaint) => {
    world.useNodeItself();
    await world.deployed('now');
    const asked = new Set<string>();
    world.metric = (query, token) => {
      asked.add(`${query} ${token}`);
      return {
        resultType: 'vector',
        result: values.map(value => ({ value: [0, value] })),
      };
    };

    const ended = await world.run({
      ...canary,
      METRIC_URL: world.url,
      METRIC_QUERY: 'rate(errors{app="a b"}[2m])',
      METRIC_MAXIMUM: '1.5',
      METRIC_TOKEN: SECRET,
    });

    expect(ended.code).toBe(complaint ? 1 : 0);
    expect(ended.output).toContain(complaint ?? 'The canary was well');
    expect(world.serving()).toEqual([complaint ? 'now' : 'new']);
    expect([...asked]).toEqual([
      `rate(errors{app="a b"}[2m]) Bearer ${SECRET}`,
    ]);
    expect(ended.output).not.toContain('p@ss');
  });

  function canaryPods(): string[] {
    return world.simulator.cluster.store
      .list('Pod', NAMESPACE)
      .filter(({ metadata }) => metadata.labels?.['deploy.vvp.io/track'])
      .map(({ metadata }) => metadata.name);
  }

  function logOf(text: string, count: number, from: number) {
    return Array.from({ length: count }, (_, index) => ({
      at: new Date(1_767_614_400_000 + (from + index) * 1000)
        .toISOString()
        .replace('Z', '000000Z'),
      text,
    }));
  }
});
