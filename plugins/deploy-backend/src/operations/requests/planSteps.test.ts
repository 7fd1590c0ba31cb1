import { ServiceEnvironmentSpec } from '@vvp/backstage-plugin-deploy-common';
import { TargetPlan } from '@vvp/backstage-plugin-deploy-node';
import { readConfirmInput } from '../../verification/confirmStep';
import {
  planCanarySteps,
  planRedeploySteps,
  planRestartSteps,
  planRollbackSteps,
  planWorkflowSteps,
} from './planSteps';

const definition: ServiceEnvironmentSpec = {
  name: 'production',
  tier: 'production',
  order: 0,
  jobs: [{ workflow: 'deploy.yml', job: 'deploy', commit: 'run' }],
  version: {
    url: 'https://issuer.example.test/version',
    commit: '$.git_sha',
  },
  workflows: { smokeTest: { workflow: 'smoke.yml', timeoutMinutes: 10 } },
  rollback: { checks: 3, secondsBetweenChecks: 2 },
};

const plan: TargetPlan = {
  from: { id: 'r3', current: true },
  to: { id: 'r2', current: false },
  alreadyThere: false,
  steps: [
    { name: 'activate', title: 'Activate r2', input: {}, compensates: true },
    { name: 'shift', title: 'Shift to r2', input: {}, timeoutSeconds: 60 },
  ],
  configuration: [],
  notRestored: [],
  artifact: { state: 'present' },
};

const commit = 'a'.repeat(40);
const url = 'https://issuer.example.test';

const namesOf = (steps: { runner: string; name: string }[]) =>
  steps.map(({ runner, name }) => `${runner} ${name}`);

describe('planRollbackSteps', () => {
  it('stops what could undo it, does it, proves it, and keeps the bad release out', () => {
    const steps = planRollbackSteps({
      plan,
      definition,
      url,
      commit,
      fromReleaseId: 'release-3',
    });

    expect(namesOf(steps)).toEqual([
      'stop-runs stop-runs',
      'target activate',
      'target shift',
      'stop-runs stop-late-runs',
      'verification confirm',
      'workflows smoke-test',
      'stop-runs stop-latest-runs',
      'verification confirm-again',
      'restrictions quarantine-release',
      'restrictions set-hold',
    ]);
    expect(steps[4].input).toEqual({
      revision: 'r2',
      commit,
      url,
      version: definition.version,
      checks: 3,
      secondsBetweenChecks: 2,
    });
    expect(steps[5]).toMatchObject({
      input: { kind: 'run-workflow', workflow: 'smoke.yml', commit },
      timeoutSeconds: 15 * 60,
    });
    expect(steps[7].input).toEqual(steps[4].input);
    expect(steps[8].input).toEqual({ releaseId: 'release-3' });
  });

  it('keeps a bad revision out whose release is not known', () => {
    const steps = planRollbackSteps({
      plan,
      definition,
      fromRevision: { revision: 'r3', artifact: 'sha256:3' },
    });

    expect(namesOf(steps).slice(-2)).toEqual([
      'restrictions quarantine-revision',
      'restrictions set-hold',
    ]);
    expect(steps.at(-2)?.input).toEqual({
      revision: 'r3',
      artifact: 'sha256:3',
    });
  });

  it('has nothing to do where the revision serves already', () => {
    expect(
      planRollbackSteps({
        plan: { ...plan, alreadyThere: true },
        definition,
        fromReleaseId: 'release-3',
      }),
    ).toEqual([]);
  });

  it('leaves out what the service has not', () => {
    const steps = planRollbackSteps({
      plan,
      definition: {
        name: 'staging',
        tier: 'staging',
        order: 0,
        jobs: [],
      },
    });

    expect(namesOf(steps)).toEqual([
      'target activate',
      'target shift',
      'verification confirm',
      'restrictions set-hold',
    ]);
  });
});

describe('planRedeploySteps', () => {
  it('neither stops runs nor keeps anything out', () => {
    expect(namesOf(planRedeploySteps({ plan, definition }))).toEqual([
      'target activate',
      'target shift',
      'verification confirm',
      'workflows smoke-test',
      'verification confirm-again',
    ]);
  });
});

describe('planRestartSteps', () => {
  it('asks whatever serves afterwards to be well', () => {
    const steps = planRestartSteps({ plan, definition });

    expect(steps.at(-1)?.name).toBe('confirm');
    expect(steps.at(-1)?.input.revision).toBeUndefined();
  });
});

describe('planCanarySteps', () => {
  it('moves the traffic, and confirms that all of it goes there', () => {
    const namesAfter = (move: 'start' | 'pause' | 'finish') =>
      namesOf(planCanarySteps(plan, move, 'r3', definition));

    expect(namesAfter('start')).toEqual(['target activate', 'target shift']);
    expect(namesAfter('pause')).toEqual(['target activate', 'target shift']);
    expect(namesAfter('finish')).toEqual([
      'target activate',
      'target shift',
      'verification confirm',
    ]);
  });
});

describe('the time between two looks', () => {
  const proofsWith = (rollback: ServiceEnvironmentSpec['rollback']) => {
    const asked = { ...definition, rollback };
    return [
      ...planRollbackSteps({ plan, definition: asked }),
      ...planCanarySteps(plan, 'finish', 'r3', asked),
    ].filter(({ runner }) => runner === 'verification');
  };

  it('may be none at all', () => {
    const proofs = proofsWith({ checks: 1, secondsBetweenChecks: 0 });

    expect(proofs).toHaveLength(3);
    for (const proof of proofs) {
      expect(readConfirmInput(proof)).toMatchObject({
        checks: 1,
        secondsBetweenChecks: 0,
      });
    }
  });

  it('is five seconds where nothing else is said', () => {
    for (const proof of [...proofsWith({}), ...proofsWith(undefined)]) {
      expect(proof.input).not.toHaveProperty('secondsBetweenChecks');
      expect(readConfirmInput(proof)).toMatchObject({
        checks: 12,
        secondsBetweenChecks: 5,
      });
    }
  });
});

describe('planWorkflowSteps', () => {
  it.each([
    [undefined, 65 * 60],
    [20, 25 * 60],
  ])('gives a run of %s minutes time to be followed', (minutes, seconds) => {
    const [step] = planWorkflowSteps(
      'deploy',
      { workflow: 'deploy.yml', timeoutMinutes: minutes },
      commit,
    );

    expect(step).toMatchObject({
      runner: 'workflows',
      timeoutSeconds: seconds,
      input: { kind: 'run-workflow', workflow: 'deploy.yml', commit },
    });
  });
});
