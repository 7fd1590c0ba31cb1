import { TestDatabases } from '@backstage/backend-test-utils';
import {
  DeployTarget,
  TargetEnvironment,
  TargetError,
} from '@vvp/backstage-plugin-deploy-node';
import { migratedDatabase } from '../__testUtils__/migratedDatabase';
import { waitFor } from '../__testUtils__/waitFor';
import { reapplyTargetSteps } from '../verification/reapplyTargetSteps';
import { VerificationRunner } from '../verification/VerificationRunner';
import { FakePlatform } from './__testUtils__/FakePlatform';
import { assertNotProven } from './assertNotProven';
import {
  EngineFixture,
  engineFixture,
  gate,
} from './engine/__testUtils__/engineFixture';
import { StepRunner } from './engine/types';
import { planRedeploySteps, planRollbackSteps } from './requests/planSteps';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const definition = {
  name: 'production',
  tier: 'production' as const,
  order: 0,
  jobs: [],
  workflows: { smokeTest: { workflow: 'smoke.yml' } },
  rollback: { checks: 4, secondsBetweenChecks: 0.02 },
};

const environment: TargetEnvironment = {
  entityRef: 'component:default/vvp-issuer',
  repository: 'example-org/vvp',
  environment: 'production',
  tier: 'production',
  target: {
    type: 'azure-container-app',
    resourceGroup: 'VVP',
    name: 'vvp-issuer',
  },
};

describe.each(databases.eachSupportedId())('a smoke test on %s', id => {
  let fixture: EngineFixture;
  let platform: FakePlatform;
  let target: DeployTarget;
  let smokeTest: () => Promise<void>;

  beforeEach(async () => {
    fixture = await engineFixture(await migratedDatabase(databases, id));
    platform = new FakePlatform([
      { id: 'issuer--4' },
      { id: 'issuer--3' },
      { id: 'issuer--2' },
    ]);
    platform.serving = 'issuer--3';
    target = platform.target('azure-container-app');
    smokeTest = async () => {};
  });

  afterEach(() => fixture.stop());

  /** Begins to put `issuer--2` in place of `issuer--3`. */
  async function begin(plan: typeof planRollbackSteps = planRollbackSteps) {
    const targetOf = async () => ({ target, environment });
    const nothing: StepRunner = {
      execute: async () => ({}),
      compensate: async () => {},
    };
    const engine = fixture.engine({
      runners: {
        target: {
          execute: (_operation, step, control) =>
            target.executeStep(environment, step, control),
          compensate: (_operation, step, control) =>
            target.compensateStep(environment, step, control),
        },
        workflows: {
          ...nothing,
          execute: async () => {
            await smokeTest();
            return {};
          },
        },
        verification: new VerificationRunner({
          targetOf,
          reapply: reapplyTargetSteps(targetOf),
          version: { allowedHosts: [], allowLoopback: false },
        }),
        restrictions: nothing,
      },
    });
    engine.start();
    const { id: operationId } = await engine.submit(
      await fixture.operation({
        steps: plan({
          plan: await target.planRollback(
            environment,
            'issuer--2',
            new AbortController().signal,
          ),
          definition,
        }),
      }),
    );
    return { engine, operationId };
  }

  it.each([
    ['rollback', planRollbackSteps],
    ['redeployment', planRedeploySteps],
  ])('that a pipeline deploys into is put right: %s', async (_case, plan) => {
    smokeTest = async () => {
      platform.serving = 'issuer--4';
    };

    const { operationId } = await begin(plan);
    const operation = await fixture.end(operationId);

    expect(operation).toMatchObject({ status: 'succeeded', outcome: 'done' });
    expect(platform.serving).toBe('issuer--2');
    expect(platform.changes).toEqual(['switch issuer--2', 'switch issuer--2']);
  });

  it('that fails undoes what was done', async () => {
    smokeTest = async () => {
      throw new TargetError('unhealthy', 'The smoke test failed.');
    };

    const { operationId } = await begin();
    const operation = await fixture.end(operationId);

    expect(operation).toMatchObject({
      status: 'failed',
      outcome: 'as-before',
      failure: { message: 'The smoke test failed.' },
    });
    expect(platform.serving).toBe('issuer--3');
  });

  it('can be cancelled, as nothing is proven before its end', async () => {
    const { open, opened } = gate();
    let running = false;
    smokeTest = () => {
      running = true;
      return opened;
    };
    const { engine, operationId } = await begin();
    await waitFor(() => running);

    await engine.requestCancel(operationId, 'user:default/erin', tx =>
      assertNotProven(tx, operationId),
    );
    open();

    expect(await fixture.end(operationId)).toMatchObject({
      status: 'cancelled',
      outcome: 'as-before',
    });
    expect(platform.serving).toBe('issuer--3');
  });
});
