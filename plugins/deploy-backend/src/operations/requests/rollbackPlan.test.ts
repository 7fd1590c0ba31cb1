import { Admission } from '@vvp/backstage-plugin-deploy-common';
import { TargetPlan } from '@vvp/backstage-plugin-deploy-node';
import { KnownEnvironment } from '../../targets/TargetEnvironments';
import { RollbackFacts, rollbackPlan, rollbackQuestion } from './rollbackPlan';
import { Caller } from './types';

const known: KnownEnvironment = {
  id: 'environment-1',
  serviceId: 'service-1',
  entityRef: 'component:default/issuer',
  serviceName: 'issuer',
  repository: 'example-org/vvp',
  name: 'production',
  tier: 'production',
  enforced: false,
  reviewed: false,
};
const caller: Caller = {
  by: 'user:default/dana',
  automatic: false,
  permission: { name: 'deploy.rollback', allowed: true },
};
const bad = { id: 'release-3', commit: 'c'.repeat(40) };
const good = { id: 'release-2', commit: 'b'.repeat(40), version: '1.2.0' };
const plan: TargetPlan = {
  from: { id: 'r3', commit: bad.commit, current: true },
  to: { id: 'r2', current: false },
  alreadyThere: false,
  steps: [{ name: 'shift', title: 'Shift to r2', input: {} }],
  configuration: [],
  notRestored: [],
  artifact: { state: 'present' },
};
const facts: RollbackFacts = {
  plan,
  to: { id: 'r2', current: false },
  fromRelease: bad,
  toRelease: good,
  version: {},
};
const admitted: Admission = { admitted: true, refusals: [] };

describe('rollbackQuestion', () => {
  it('asks about what comes in, for the caller', () => {
    expect(rollbackQuestion(known, 'rollback', caller, facts)).toEqual({
      kind: 'rollback',
      automatic: false,
      environmentId: 'environment-1',
      releaseId: 'release-2',
      permission: caller.permission,
    });
  });

  it.each<[string, Partial<RollbackFacts>, string | undefined]>([
    ['the artifact is there', {}, undefined],
    [
      'the platform says why not',
      { to: { ...facts.to, unavailable: 'It was deleted.' } },
      'It was deleted.',
    ],
    [
      'its artifact is gone',
      {
        plan: { ...plan, artifact: { state: 'missing', message: 'No image.' } },
      },
      'No image.',
    ],
    [
      'its artifact is gone, and nothing says why',
      { plan: { ...plan, artifact: { state: 'missing' } } },
      'What this revision runs is gone.',
    ],
  ])('tells that it cannot come back where %s', (_case, change, expected) => {
    const question = rollbackQuestion(known, 'rollback', caller, {
      ...facts,
      ...change,
    });

    expect(question.unavailable).toBe(expected);
  });

  it('tells what else may stand in the way', () => {
    const quarantine = { by: 'dana', reason: 'Bad', since: '2026-01-01' };
    const problem = { message: 'No version.', remedy: 'Correct it.' };
    const override = { reason: 'It burns', allowed: true };

    expect(
      rollbackQuestion(
        known,
        'redeploy',
        { ...caller, override },
        {
          ...facts,
          quarantine: quarantine as RollbackFacts['quarantine'],
          version: { problem },
          lastRan: { withinDays: 30 },
          endsCanary: true,
        },
      ),
    ).toMatchObject({
      kind: 'redeploy',
      quarantine,
      versionProblem: problem,
      lastRan: { withinDays: 30 },
      endsCanary: true,
      override,
    });
  });
});

describe('rollbackPlan', () => {
  const stepsOf = (change: Partial<RollbackFacts>, admission = admitted) =>
    rollbackPlan(known, { ...facts, ...change }, admission).steps;
  const namesOf = (change: Partial<RollbackFacts>) =>
    stepsOf(change).map(({ name }) => name);

  it('keeps the release out that it leads away from', () => {
    const planned = rollbackPlan(known, facts, admitted);

    expect(planned).toMatchObject({
      from: plan.from,
      to: facts.to,
      fromRelease: bad,
      toRelease: good,
      confirmation: 'issuer',
    });
    expect(namesOf({})).toEqual([
      'shift',
      'confirm',
      'quarantine-release',
      'set-hold',
    ]);
    expect(stepsOf({})[1].input.commit).toBe(good.commit);
  });

  it('keeps a revision out whose release is not known, and none that comes back', () => {
    const { commit: _unknown, ...from } = plan.from!;

    expect(
      namesOf({ plan: { ...plan, from }, fromRelease: undefined }),
    ).toContain('quarantine-revision');
    expect(namesOf({ fromRelease: good })).not.toContain('quarantine-release');
  });

  it('keeps a release out that never served, although what serves is there already', () => {
    const alreadyThere = { ...plan, alreadyThere: true, steps: [] };

    expect(namesOf({ plan: alreadyThere })).toEqual([]);
    expect(namesOf({ plan: alreadyThere, neverServed: true })).toEqual([
      'confirm',
      'quarantine-release',
      'set-hold',
    ]);
  });

  it('goes on without the proof that somebody waived', () => {
    const version = { url: 'https://issuer.example.test', commit: '$.sha' };
    const definition = {
      ...{ name: 'production', tier: 'production' as const, order: 0 },
      jobs: [],
      version,
    };
    const proofOf = (admission: Admission) =>
      rollbackPlan({ ...known, definition }, facts, admission).steps[1].input;

    expect(proofOf(admitted)).not.toHaveProperty('unproven');
    expect(
      proofOf({
        ...admitted,
        waived: [
          { code: 'version-unusable', message: 'No version.', remedy: '' },
        ],
      }),
    ).toMatchObject({ version, unproven: true });
  });
});
