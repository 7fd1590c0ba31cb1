import { setImmediate as otherTurns } from 'node:timers/promises';
import { mockServices } from '@backstage/backend-test-utils';
import { Revision } from '@vvp/backstage-plugin-deploy-common';
import { gate } from '../../operations/engine/__testUtils__/engineFixture';
import { OperationRequests } from '../../operations/requests/OperationRequests';
import {
  DrivenEnvironment,
  KnownEnvironment,
  TargetEnvironments,
} from '../../targets/TargetEnvironments';
import { recordingAuditor } from '../../evidence/auth/__testUtils__/recordingAuditor';
import { waitFor } from '../../__testUtils__/waitFor';
import { AutomaticRollbacks } from './AutomaticRollbacks';
import { Watch, WatchStore } from './WatchStore';

const now = '2026-01-05T12:00:00.000Z';
const commit = 'a'.repeat(40);

/** Watches over deployments, each in an environment of the same name, whose platforms answer by `revisionOf`. */
function watching(
  names: readonly string[],
  revisionOf: (name: string) => Promise<Revision>,
  lockKeyOf = (name: string) => `test:${name}`,
) {
  const looked: string[] = [];
  const watches: Partial<WatchStore> = {
    unwatched: async () => [],
    due: async () =>
      names.map(
        (name): Watch => ({
          deploymentId: name,
          environmentId: name,
          startedAt: now,
          looks: [],
          release: { id: name, commit, begunAt: now },
        }),
      ),
    rollbackOf: async () => undefined,
    look: async name => {
      looked.push(name);
    },
  };
  const environments = {
    find: async ({ id }: { id: string }) => ({
      id,
      serviceId: id,
      currentDeploymentId: id,
      definition: { rollback: { automatic: true } },
    }),
    driven: ({ id }: KnownEnvironment) => ({
      target: {
        describe: () => ({
          resource: id,
          lockKey: lockKeyOf(id),
          canRestart: true,
        }),
        currentRevision: () => revisionOf(id),
        health: async () => ({ state: 'healthy' }),
      } as Partial<DrivenEnvironment['target']>,
      environment: {},
    }),
  };
  const rollbacks = new AutomaticRollbacks({
    watches: watches as WatchStore,
    environments: environments as unknown as TargetEnvironments,
    revisions: { revisions: jest.fn() },
    requests: { rollBack: jest.fn() } as Pick<OperationRequests, 'rollBack'>,
    gatesOf: async () => undefined,
    auditor: recordingAuditor(),
    logger: mockServices.logger.mock(),
    onChange: () => {},
    now: () => new Date(now),
  });
  return { rollbacks, looked };
}

describe('watches that are due at once', () => {
  const revision: Revision = { id: 'app--1', current: true, commit };

  it('do not wait for a platform that does not answer', async () => {
    const { open, opened } = gate();
    const { rollbacks, looked } = watching(['silent', 'well'], async name => {
      if (name === 'silent') {
        await opened;
      }
      return revision;
    });

    const running = rollbacks.run(new AbortController().signal);
    await waitFor(() => looked.length > 0);
    const early = [...looked];
    open();
    await running;

    expect(early).toEqual(['well']);
    expect(looked).toEqual(['well', 'silent']);
  });

  it('are looked at one after the other on one machine', async () => {
    let running = 0;
    let most = 0;
    const { rollbacks, looked } = watching(
      ['one', 'two', 'three'],
      async () => {
        running += 1;
        most = Math.max(most, running);
        await otherTurns();
        running -= 1;
        return revision;
      },
      () => 'azure-vm:vvp/vvp-pbx',
    );

    await rollbacks.run(new AbortController().signal);

    expect(looked).toEqual(['one', 'two', 'three']);
    expect(most).toBe(1);
  });

  it('are left to the next time once the process is to stop', async () => {
    const stop = new AbortController();
    const names = Array.from({ length: 20 }, (_, index) => `service-${index}`);
    const { rollbacks, looked } = watching(names, async () => {
      stop.abort();
      return revision;
    });

    await rollbacks.run(stop.signal);

    expect(looked.length).toBeGreaterThan(0);
    expect(looked.length).toBeLessThan(names.length);
  });
});
