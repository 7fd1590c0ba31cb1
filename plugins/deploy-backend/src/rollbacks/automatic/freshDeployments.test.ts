import { mockServices } from '@backstage/backend-test-utils';
import {
  GateResult,
  HealthState,
  RevisionEntry,
} from '@vvp/backstage-plugin-deploy-common';
import { recordingAuditor } from '../../evidence/auth/__testUtils__/recordingAuditor';
import { KnownEnvironment } from '../../targets/TargetEnvironments';
import { WatchLook } from '../../verification/watchVerdict';
import { AutomaticRollbacks } from './AutomaticRollbacks';
import { Watch, WatchEnd } from './WatchStore';

const STARTED = '2026-01-05T12:00:00.000Z';
const COMMIT = 'b'.repeat(40);

const watch: Watch = {
  deploymentId: 'deployment-3',
  environmentId: 'production',
  startedAt: STARTED,
  looks: [],
  release: { id: 'bad', commit: COMMIT, begunAt: STARTED },
};

const known = {
  id: 'production',
  serviceId: 'issuer',
  entityRef: 'component:default/vvp-issuer',
  name: 'production',
  currentDeploymentId: 'deployment-3',
  definition: {
    rollback: { automatic: true, checks: 5, secondsBetweenChecks: 1 },
  },
} as KnownEnvironment;

/** Of a gate that fails on what was measured a moment after the deployment. */
const failing = {
  name: 'errors',
  state: 'fail',
  reason: 'Every second request fails.',
  evidenceType: 'performance',
  measuredAt: '2026-01-05T12:00:00.001Z',
  carriedForward: false,
} as GateResult;

const revisions = [
  { id: 'r3', commit: COMMIT, current: true, deployments: [] },
  {
    id: 'r2',
    commit: 'a'.repeat(40),
    current: false,
    deployments: [],
    lastDeployedAt: '2026-01-05T11:00:00.000Z',
  },
] as RevisionEntry[];

/** One pass over watches, half a minute after they began. */
async function pass(
  options: {
    watches?: Watch[];
    known?: Partial<KnownEnvironment>;
    gates?: Partial<GateResult>[];
    /** What the platform told a moment ago. */
    toldBefore?: RevisionEntry[];
    signal?: AbortSignal;
    fresh?: boolean;
    isDriven?: boolean;
    health?: HealthState;
    now?: string;
  } = {},
) {
  const ends: Record<string, WatchEnd> = {};
  const looks: string[] = [];
  const kept: (readonly WatchLook[])[] = [];
  const begun: string[] = [];
  const rollbacks: unknown[] = [];
  const logger = mockServices.logger.mock();
  const environment = { ...known, ...options.known };
  const rollback = new AutomaticRollbacks({
    watches: {
      unwatched: async () => (options.fresh ? [watch] : []),
      isOnItsWay: async () => false,
      begin: async ({ deploymentId }: Watch) => begun.push(deploymentId),
      due: async () => options.watches ?? [watch],
      look: async (id: string, seen: readonly WatchLook[]) => {
        looks.push(id);
        kept.push(seen);
      },
      end: async (id: string, end: WatchEnd) => {
        ends[id] = end;
      },
      foundBad: async () => new Set<string>(),
      rollbackOf: async () => undefined,
    } as never,
    environments: {
      find: async ({ id }: { id: string }) => {
        if (id === 'broken') {
          throw new Error('The database is away.');
        }
        return environment;
      },
      isDriven: () => options.isDriven ?? true,
      driven: () => ({
        environment: {},
        target: {
          currentRevision: async () => revisions[0],
          health: async () => ({ state: options.health ?? 'healthy' }),
        },
      }),
    } as never,
    revisions: {
      revisions: async (_known, { fresh } = {}) =>
        ({
          items: fresh ? revisions : options.toldBefore ?? revisions,
        } as never),
    },
    requests: {
      rollBack: async (...request: unknown[]) => {
        rollbacks.push(request);
        return { id: 'operation-1', created: true };
      },
    } as never,
    gatesOf: async () => ({ results: options.gates ?? [] } as never),
    auditor: recordingAuditor(),
    logger,
    onChange: () => {},
    now: () => new Date(options.now ?? '2026-01-05T12:00:30.000Z'),
  });
  await rollback.run(options.signal ?? new AbortController().signal);
  return { ends, looks, kept, begun, rollbacks, logger };
}

describe('a fresh deployment', () => {
  it('is taken back at once when a gate fails on what was measured since', async () => {
    const { ends, rollbacks } = await pass({ gates: [failing] });

    expect(ends).toEqual({
      'deployment-3': expect.objectContaining({
        state: 'rolled-back',
        operationId: 'operation-1',
        note: expect.stringContaining('Every second request fails'),
      }),
    });
    expect(rollbacks).toEqual([
      [
        expect.anything(),
        expect.objectContaining({ revision: 'r2' }),
        expect.objectContaining({ by: 'automatic', automatic: true }),
        expect.objectContaining({ key: expect.any(String) }),
      ],
    ]);
  });

  it.each<[string, Partial<GateResult>]>([
    ['on something else', { evidenceType: 'coverage' }],
    ['on what was measured before', { measuredAt: '2026-01-05T11:59:59.999Z' }],
    ['on what nobody knows when it was measured', { measuredAt: undefined }],
    ['on what another commit measured', { carriedForward: true }],
    ['and passes again', { state: 'pass' }],
  ])('stays while a gate fails %s', async (_case, change) => {
    const { ends, looks } = await pass({ gates: [{ ...failing, ...change }] });

    expect(ends).toEqual({});
    expect(looks).toEqual(['deployment-3']);
  });

  it('is taken back to what the platform has now, not to what it had a moment ago', async () => {
    const gone = { ...revisions[1], id: 'gone' };

    const { rollbacks } = await pass({
      gates: [failing],
      toldBefore: [revisions[0], gone],
    });

    expect(rollbacks).toMatchObject([[{}, { revision: 'r2' }, {}, {}]]);
  });

  describe('that was well, and then unwell in the last look of its window', () => {
    const worked: WatchLook[] = [
      ...Array.from({ length: 4 }, (): WatchLook => ({ health: 'healthy' })),
      { health: 'degraded' },
    ];

    it('is not taken back for that look because its platform is silent from then on', async () => {
      let watches = [{ ...watch, looks: worked }];
      const ended: unknown[] = [];
      const removed: unknown[] = [];
      for (let time = 0; time < 6; time++) {
        const { ends, kept, rollbacks } = await pass({
          watches,
          health: 'unknown',
        });
        ended.push(...Object.keys(ends));
        removed.push(...rollbacks);
        watches = kept.map(looks => ({ ...watch, looks: [...looks] }));
      }

      expect(removed).toEqual([]);
      expect(ended).toEqual([]);
      expect(watches).toEqual([{ ...watch, looks: worked }]);
    });

    it('is not judged once that has lasted for an hour, and says why', async () => {
      const { ends, rollbacks } = await pass({
        watches: [{ ...watch, looks: worked }],
        health: 'unknown',
        now: '2026-01-05T13:00:30.000Z',
      });

      expect(rollbacks).toEqual([]);
      expect(ends).toEqual({
        'deployment-3': {
          state: 'unjudged',
          note: expect.stringContaining('unwell when it was last seen'),
        },
      });
    });
  });

  it.each<[string, Partial<KnownEnvironment>]>([
    [
      'something else runs there by now',
      { currentDeploymentId: 'deployment-4' },
    ],
    [
      'nobody asks for it any more',
      { definition: { rollback: { automatic: false } } as never },
    ],
  ])('is left alone when %s', async (_case, change) => {
    const { ends, rollbacks } = await pass({ gates: [failing], known: change });

    expect(ends).toEqual({
      'deployment-3': expect.objectContaining({ state: 'replaced' }),
    });
    expect(rollbacks).toEqual([]);
  });

  it.each<[string, boolean, Parameters<typeof pass>[0]]>([
    ['where deploy.yaml asks for it', true, {}],
    ['where nothing is driven', false, { isDriven: false }],
    [
      'where deploy.yaml does not',
      false,
      { known: { definition: { rollback: {} } as never } },
    ],
  ])('is watched %s: %s', async (_case, isWatched, options) => {
    const { begun } = await pass({ ...options, fresh: true, watches: [] });

    expect(begun).toEqual(isWatched ? ['deployment-3'] : []);
  });
});

describe('a pass over fresh deployments', () => {
  const broken = { ...watch, deploymentId: 'other', environmentId: 'broken' };

  it('goes on after one that cannot be looked at', async () => {
    const { looks, logger } = await pass({ watches: [broken, watch] });

    expect(looks).toEqual(['deployment-3']);
    expect(logger.warn).toHaveBeenCalledWith(
      'A fresh deployment could not be looked at',
      expect.objectContaining({ deployment: 'other' }),
    );
  });

  it('begins nothing more once it is told to stop', async () => {
    const { looks } = await pass({ signal: AbortSignal.abort() });

    expect(looks).toEqual([]);
  });
});
