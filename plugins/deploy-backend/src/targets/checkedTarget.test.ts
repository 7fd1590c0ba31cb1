import { mockServices } from '@backstage/backend-test-utils';
import { InputError } from '@backstage/errors';
import {
  DeployTarget,
  TargetEnvironment,
  TargetError,
} from '@vvp/backstage-plugin-deploy-node';
import { checkedTarget } from './checkedTarget';

const environment = { environment: 'production' } as TargetEnvironment;
const { signal } = new AbortController();
const health = { state: 'healthy' as const };

const good = {
  type: 'custom',
  platform: 'nomad',
  describe: () => ({ resource: 'Job api', lockKey: 'nomad', canRestart: true }),
  revisions: async () => [{ id: '7', current: true, commit: undefined }],
  currentRevision: async () => undefined,
  planRollback: async () => ({
    alreadyThere: true,
    steps: [],
    configuration: [],
    notRestored: [],
    artifact: { state: 'unknown' as const },
  }),
  executeStep: async () => ({}),
  compensateStep: async () => {},
  verify: async () => ({ inPlace: true, health }),
  health: async () => health,
  diagnostics: async () => ({
    health,
    facts: [],
    events: [],
    logs: [],
    problems: [],
  }),
} satisfies DeployTarget;

function checked(change: Partial<Record<keyof DeployTarget, unknown>> = {}) {
  const logger = mockServices.logger.mock();
  const target = { ...good, ...change } as DeployTarget;
  return { logger, target: checkedTarget(target, logger) };
}

describe('checkedTarget', () => {
  it('is the target that it checks', async () => {
    const { target, logger } = checked();

    const answers = await Promise.all([
      target.revisions(environment, signal),
      target.currentRevision(environment, signal),
      target.planRollback(environment, '7', signal),
      target.verify(environment, '7', signal),
      target.health(environment, signal),
      target.diagnostics(environment, signal),
    ]);

    expect(target.type).toBe('custom');
    expect(target.platform).toBe('nomad');
    expect(answers).toEqual([
      await good.revisions(),
      undefined,
      await good.planRollback(),
      await good.verify(),
      health,
      await good.diagnostics(),
    ]);
    expect(target.planRestart).toBeUndefined();
    expect(target.traffic).toBeUndefined();
    expect(logger.warn).not.toHaveBeenCalled();
  });

  it.each<[string, keyof DeployTarget, unknown]>([
    ['revisions', 'revisions', [{ id: '', current: true }]],
    ['the current revision', 'currentRevision', { id: 7 }],
    ['a plan', 'planRollback', { ...good, steps: [{ name: 'a' }] }],
    ['a restart', 'planRestart', {}],
    ['whether it serves', 'verify', { inPlace: 'yes', health }],
    ['health', 'health', { state: 'fine' }],
    ['diagnostics', 'diagnostics', { health, facts: [{ label: 'a' }] }],
    ['traffic', 'traffic', [{ revision: '7', percent: '100' }]],
  ])(
    'does not hand on what is no answer about %s',
    async (_case, method, answer) => {
      const { target, logger } = checked({ [method]: async () => answer });
      const ask = target[method] as (...args: unknown[]) => Promise<unknown>;
      const args = ['planRollback', 'verify'].includes(method)
        ? [environment, '7', signal]
        : [environment, signal];

      await expect(ask(...args)).rejects.toMatchObject({
        name: 'TargetError',
        kind: 'transient',
        message: 'Job api answered something that the portal cannot read.',
        remedy: expect.stringContaining('Try again'),
      });
      expect(logger.warn).toHaveBeenCalledTimes(1);
      expect(logger.warn).toHaveBeenCalledWith(
        'An answer of a target cannot be used',
        {
          resource: 'Job api',
          asked: expect.any(String),
          problem: expect.stringMatching(/^answer\./),
        },
      );
    },
  );

  it.each([
    ['a TargetError', new TargetError('denied', 'It may not be done.')],
    ['an InputError', new InputError('The namespace is missing. Name it.')],
  ])('passes %s on', async (_case, error) => {
    const { target, logger } = checked({
      health: async () => {
        throw error;
      },
    });

    await expect(target.health(environment, signal)).rejects.toBe(error);
    expect(logger.warn).not.toHaveBeenCalled();
  });

  it('tells the server alone why a target stumbled, without secrets', async () => {
    const { target, logger } = checked({
      revisions: () => {
        throw new TypeError('no items in https://dana:hunter2@example.test');
      },
      health: () => {
        throw Object.assign(new Error('boom'), { name: 'TargetError' });
      },
    });

    await expect(target.revisions(environment, signal)).rejects.toThrow(
      'Job api answered something that the portal cannot read.',
    );
    expect(logger.warn).toHaveBeenCalledWith('A target failed to answer', {
      resource: 'Job api',
      asked: 'revisions',
      error: 'TypeError: no items in https://***@example.test',
    });
    await expect(target.health(environment, signal)).rejects.toMatchObject({
      kind: 'transient',
    });
  });

  it('leaves steps to the engine', async () => {
    const { target } = checked({
      executeStep: async () => {
        throw new TypeError('boom');
      },
    });

    await expect(
      target.executeStep(environment, {} as any, {} as any),
    ).rejects.toThrow(TypeError);
  });
});
