import { mockServices } from '@backstage/backend-test-utils';
import { ServiceUnavailableError } from '@backstage/errors';
import { DeployTarget } from '@vvp/backstage-plugin-deploy-node';
import { OperationRequests } from '../operations/requests/OperationRequests';
import { ReleaseHistory } from '../rollbacks/ReleaseHistory';
import { RevisionReader } from '../rollbacks/RevisionReader';
import { RollbackPreviewer } from '../rollbacks/RollbackPreviewer';
import { checkedTarget } from './checkedTarget';
import { inTime } from './inTime';
import { KnownEnvironment, TargetEnvironments } from './TargetEnvironments';

const never = () => new Promise<never>(() => {});

const known = {
  id: 'environment-1',
  serviceId: 'service-1',
  entityRef: 'component:default/vvp-issuer',
  serviceName: 'vvp-issuer',
  repository: 'example-org/vvp',
  name: 'staging',
  tier: 'staging',
} as KnownEnvironment;

const caller = {
  by: 'user:default/dana',
  automatic: false,
  permission: { name: 'deploy.rollback', allowed: true },
};

/** How a promise ended, which nobody waits for. */
function endOf<T>(promise: Promise<T>) {
  const told: { value?: T; error?: unknown } = {};
  promise.then(
    value => {
      told.value = value;
    },
    error => {
      told.error = error;
    },
  );
  return told;
}

describe('inTime', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it('gives the answer, and leaves no timer behind', async () => {
    const answer = await inTime(5_000, async () => 'revisions');

    expect(answer).toBe('revisions');
    expect(jest.getTimerCount()).toBe(0);
  });

  it('passes on what the question fails with, and leaves no timer behind', async () => {
    const asked = inTime(5_000, async () => {
      throw new Error('boom');
    });

    await expect(asked).rejects.toThrow('boom');
    expect(jest.getTimerCount()).toBe(0);
  });

  it('waits no longer than its time for one that does not listen', async () => {
    const signals: AbortSignal[] = [];
    const end = endOf(
      inTime(
        5_000,
        signal => {
          signals.push(signal);
          return never();
        },
        'Container App vvp-issuer',
      ),
    );

    await jest.advanceTimersByTimeAsync(4_999);
    expect(end).toEqual({});
    await jest.advanceTimersByTimeAsync(1);

    expect(end.error).toMatchObject({
      name: 'TargetError',
      kind: 'transient',
      message: 'Container App vvp-issuer did not answer within 5 seconds.',
      remedy: expect.stringContaining('Try again'),
    });
    expect(signals[0].aborted).toBe(true);
  });

  it('says that it is late, not what one says that listens', async () => {
    const end = endOf(
      inTime(
        5_000,
        signal =>
          new Promise((_, reject) => {
            signal.addEventListener('abort', () =>
              reject(new Error('The operation was aborted')),
            );
          }),
      ),
    );

    await jest.advanceTimersByTimeAsync(5_000);

    expect(end.error).toMatchObject({
      message: 'The platform did not answer within 5 seconds.',
    });
  });
});

describe('a target that never answers', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  const target = {
    type: 'azure-container-app',
    describe: () => ({
      resource: 'Container App vvp-issuer',
      lockKey: 'azure-container-app:vvp-issuer',
      canRestart: true,
    }),
    revisions: never,
    planRollback: never,
    planRestart: never,
    diagnostics: never,
  } as unknown as DeployTarget;

  function parts() {
    const submitted: unknown[] = [];
    const environments = {
      isDriven: () => true,
      driven: () => ({
        target: checkedTarget(target, mockServices.logger.mock()),
        environment: { environment: 'staging' },
      }),
    } as unknown as TargetEnvironments;
    const history = {
      releaseOf: async () => ({ id: 'release-1', commit: 'a'.repeat(40) }),
    } as unknown as ReleaseHistory;
    const requests = new OperationRequests({
      environments,
      history,
      desk: {
        ask: async () => ({ admitted: true, refusals: [] }),
      } as any,
      askVersion: async () => ({}),
      findRepeated: async () => undefined,
      submit: async operation => {
        submitted.push(operation);
        return { id: 'operation-1', created: true };
      },
    });
    return {
      submitted,
      requests,
      previewer: new RollbackPreviewer({
        plan: (...args) => requests.planRollback(...args),
        history,
        sources: {} as any,
      }),
      reader: new RevisionReader({ environments, history }),
    };
  }

  const reason = 'It answers 500 to every second request';

  it.each<[string, number, (p: ReturnType<typeof parts>) => Promise<unknown>]>([
    [
      'the preview of a rollback',
      30,
      ({ previewer }) => previewer.preview(known, 'issuer--2', caller),
    ],
    [
      'a rollback',
      30,
      ({ requests }) =>
        requests.rollBack(known, { revision: 'issuer--2', reason }, caller),
    ],
    [
      'a restart',
      30,
      ({ requests }) => requests.restart(known, { reason }, caller),
    ],
    [
      'a redeployment',
      30,
      ({ requests }) =>
        requests.redeploy(known, { commit: 'a'.repeat(40), reason }, caller),
    ],
    ['the list of revisions', 20, ({ reader }) => reader.revisions(known)],
    ['diagnostics', 20, ({ reader }) => reader.diagnostics(known)],
  ])(
    'ends %s after %d seconds, and nothing is stored',
    async (_case, seconds, ask) => {
      const all = parts();
      const end = endOf(ask(all));

      await jest.advanceTimersByTimeAsync(seconds * 1000 - 1);
      expect(end).toEqual({});
      await jest.advanceTimersByTimeAsync(1);

      expect(end.error).toBeInstanceOf(ServiceUnavailableError);
      expect(end.error).toMatchObject({
        message: `Container App vvp-issuer did not answer within ${seconds} seconds. Try again, and look whether the platform is up.`,
      });
      expect(all.submitted).toEqual([]);
    },
  );
});
