import { Answer, Asked, ScriptWorld } from './scriptWorld';

jest.setTimeout(240_000);

const DAY = 24 * 60 * 60 * 1000;
const daysAgo = (days: number) =>
  new Date(Date.now() - days * DAY).toISOString();

const world = new ScriptWorld();

beforeEach(async () => {
  world.asked.length = 0;
  await world.start();
});

afterEach(() => world.stop());

const deleted = () =>
  world.asked
    .filter(({ method }) => method === 'DELETE')
    .map(({ path }) => path.split('/').at(-1));

/** One page of a list. */
function page<Item>({ query }: Asked, all: readonly Item[]): Item[] {
  const from = (Number(query.get('page') ?? 1) - 1) * 100;
  return all.slice(from, from + 100);
}

describe('cleanup-github.sh', () => {
  const clean = () => world.run('cleanup-github.sh', { DAYS: '30' });

  it('deletes what is old, over all pages, and nothing else', async () => {
    const artifacts = Array.from({ length: 150 }, (_, id) => ({
      id,
      created_at: daysAgo(id < 147 ? 3 : 31),
    }));
    const caches = [
      { id: 900, created_at: daysAgo(90), last_accessed_at: daysAgo(1) },
      { id: 901, created_at: daysAgo(90), last_accessed_at: daysAgo(40) },
    ];
    world.answer = asked => {
      if (asked.method === 'DELETE') {
        return [204];
      }
      return asked.path.endsWith('/artifacts')
        ? [200, { artifacts: page(asked, artifacts) }]
        : [200, { actions_caches: page(asked, caches) }];
    };

    const { code, output } = await clean();

    expect(deleted()).toEqual(['147', '148', '149', '901']);
    expect(output).toContain('artifacts: 3 of 150 deleted.');
    expect(code).toBe(0);
  });

  it('says what GitHub refuses, without its token', async () => {
    world.answer = () => [403, { message: 'no' }];

    const { code, output } = await clean();

    expect(code).toBe(1);
    expect(output).toContain('::error::');
    expect(output).not.toContain('token-of-the-job');
  });
});

describe('cleanup-images.sh', () => {
  const sha = (sign: string) => sign.repeat(40);
  const digest = (name: string) => `sha256:${name.padEnd(8, '0')}`;

  interface Version {
    name: string;
    tags?: string[];
    days?: number;
    manifests?: string[];
  }

  let versions: Version[];
  let deployments: Record<
    string,
    { sha: string; days: number; state: string }[]
  >;
  let broken: ((asked: Asked) => boolean) | undefined;

  beforeEach(() => {
    broken = undefined;
    deployments = {
      production: [
        { sha: sha('a'), days: 40, state: 'success' },
        { sha: sha('f'), days: 50, state: 'failure' },
        { sha: sha('b'), days: 60, state: 'success' },
        { sha: sha('c'), days: 70, state: 'success' },
      ],
    };
    versions = [
      { name: 'new', tags: [sha('9')], days: 2 },
      { name: 'live', tags: [sha('a'), '1.4.0'], manifests: ['amd', 'arm'] },
      { name: 'amd' },
      { name: 'arm' },
      { name: 'signed', tags: [`sha256-${'live'.padEnd(8, '0')}.sig`] },
      { name: 'before', tags: [`1.3.0-${'b'.repeat(7)}`] },
      { name: 'failed', tags: [sha('f')] },
      { name: 'third', tags: [sha('c')] },
      { name: 'nameless' },
      { name: 'orphan', tags: [`sha256-${'third'.padEnd(8, '0')}.sig`] },
      { name: 'named', tags: ['production'] },
    ];
    world.answer = answerOf;
  });

  function answerOf(asked: Asked): Answer {
    const { method, path, query } = asked;
    if (broken?.(asked)) {
      return [500, { message: 'broken' }];
    }
    if (method === 'DELETE') {
      return [204];
    }
    const ran = deployments[query.get('environment') ?? ''] ?? [];
    if (path === '/repos/example-org/shop/deployments') {
      return [
        200,
        page(
          asked,
          ran.map((one, index) => ({
            id: index,
            sha: one.sha,
            created_at: daysAgo(one.days),
          })),
        ),
      ];
    }
    const status = /deployments\/(\d+)\/statuses$/.exec(path);
    if (status) {
      return [
        200,
        [{ state: deployments.production[Number(status[1])].state }],
      ];
    }
    const base = '/orgs/example-org/packages/container/shop%2Fapi';
    if (path === base) {
      return [200, {}];
    }
    if (path === `${base}/versions`) {
      return [
        200,
        page(
          asked,
          versions.map(({ name, tags = [], days = 90 }) => ({
            id: name,
            name: digest(name),
            created_at: daysAgo(days),
            metadata: { container: { tags } },
          })),
        ),
      ];
    }
    if (path === '/token') {
      return [200, { token: 'of-the-registry' }];
    }
    const found = versions.find(
      ({ name }) =>
        path === `/v2/example-org/shop/api/manifests/${digest(name)}`,
    );
    return found
      ? [
          200,
          {
            manifests: found.manifests?.map(name => ({ digest: digest(name) })),
          },
        ]
      : [404, {}];
  }

  const clean = (more: Record<string, string> = {}) =>
    world.run('cleanup-images.sh', {
      IMAGES: 'ghcr.io/example-org/shop/api',
      ENVIRONMENTS: '["production"]',
      KEEP: '2',
      DAYS: '30',
      REGISTRY_URL: world.url,
      ...more,
    });

  it('spares what ran lately, with its platforms and signatures, and deletes the rest', async () => {
    const { code, output } = await clean();

    expect(deleted()).toEqual(['failed', 'third', 'nameless', 'orphan']);
    expect(output).toContain('ghcr.io/example-org/shop/api: 4 of 11 deleted.');
    expect(code).toBe(0);
  });

  it('spares as many releases as it is told to', async () => {
    await clean({ KEEP: '3' });

    expect(deleted()).toEqual(['failed', 'nameless']);
  });

  it('spares all that is newer than the oldest of them where commits may be late', async () => {
    versions.push({ name: 'between', tags: [sha('7')], days: 65 });

    await clean({ LATE_COMMITS: 'true' });

    expect(deleted()).not.toContain('between');
    expect(deleted()).toContain('third');
  });

  it.each([
    ['the deployments', ({ path }: Asked) => path.endsWith('/deployments')],
    ['a status', ({ path }: Asked) => path.endsWith('/statuses')],
    ['the registry', ({ path }: Asked) => path === '/token'],
    ['a manifest', ({ path }: Asked) => path.includes('/manifests/')],
  ])('deletes nothing where %s cannot be read', async (_, breaks) => {
    broken = breaks;

    const { code } = await clean();

    expect(code).toBe(1);
    expect(deleted()).toEqual([]);
  });

  it('deletes nothing where GitHub knows of no deployment', async () => {
    deployments = { production: [] };

    const { code, output } = await clean();

    expect(output).toContain('no deployment');
    expect(code).toBe(1);
    expect(deleted()).toEqual([]);
  });

  it('deletes nothing where nothing would be left', async () => {
    versions = [{ name: 'one', tags: [sha('e')] }, { name: 'two' }];

    const { code, output } = await clean();

    expect(output).toContain('nothing is deleted');
    expect(code).toBe(0);
    expect(deleted()).toEqual([]);
  });
});
