import { Fact } from '@vvp/backstage-plugin-deploy-node';
import { absorb, emptyTrace } from '../fold/trace';
import { concerned, concernedBy, DeployingJob } from './concerned';
import { Place } from './denoted';

const repository = 'example-org/vvp';
const commit = 'a'.repeat(40);
const at = (minute: number) =>
  new Date(Date.UTC(2026, 0, 5, 12, minute)).toISOString();

type Partly<T extends Fact> = Partial<T> & Pick<T, 'kind'>;

function job(status: string, more: object = {}): Fact {
  return {
    kind: 'job',
    repository,
    runId: '100',
    attempt: 1,
    jobId: '7',
    name: 'deploy-verifier',
    commit,
    createdAt: at(1),
    status,
    ...more,
  } as Partly<Extract<Fact, { kind: 'job' }>> as Fact;
}

function deployment(state: string, more: object = {}): Fact {
  return {
    kind: 'deployment',
    repository,
    deploymentId: '50',
    runId: '100',
    attempt: 1,
    jobId: '7',
    environment: 'production',
    commit,
    createdAt: at(1),
    updatedAt: at(1),
    status: { statusId: `${state}`, state, at: at(2) },
    ...more,
  } as Partly<Extract<Fact, { kind: 'deployment' }>> as Fact;
}

const traceOf = (facts: Fact[]) => facts.reduce(absorb, emptyTrace);

const verifier: DeployingJob = {
  jobId: '7',
  name: 'deploy-verifier',
  serviceKeys: ['verifier'],
  serviceId: 's1',
  environmentId: 'e1',
  environment: 'production',
  tier: 'production',
  commit,
};
const issuer: DeployingJob = {
  ...verifier,
  jobId: '8',
  name: 'deploy-issuer',
  serviceKeys: ['issuer'],
  serviceId: 's2',
  environmentId: 'e2',
};
const issuerInStaging: DeployingJob = {
  ...issuer,
  name: 'deploy-issuer-staging',
  environmentId: 'e3',
  environment: 'staging',
  tier: 'staging',
};
const sharedBy = (environmentId: string): Place => ({
  ...issuer,
  environmentId,
  environment: 'production-verifier',
});
const places: Place[] = [verifier, issuer, issuerInStaging];
const issuerWaits = job('waiting', { jobId: '8', name: 'deploy-issuer' });
const issuerAt = (environment: string) =>
  deployment('waiting', { deploymentId: '51', jobId: '8', environment });

describe('concerned', () => {
  it.each<[string, string, Fact[], string[]]>([
    [
      'every job that waits there',
      'production',
      [
        job('waiting'),
        deployment('waiting'),
        issuerWaits,
        issuerAt('production'),
      ],
      ['s1', 's2'],
    ],
    [
      'whatever the case of the name',
      'Production',
      [job('waiting'), deployment('waiting')],
      ['s1'],
    ],
    [
      'no job that waits elsewhere',
      'production',
      [
        job('waiting'),
        deployment('waiting'),
        issuerWaits,
        issuerAt('production-issuer'),
      ],
      ['s1'],
    ],
    [
      'a job of which somebody recorded a deployment elsewhere, too',
      'production',
      [
        issuerWaits,
        deployment('waiting', {
          deploymentId: '40',
          jobId: '8',
          environment: 'staging',
        }),
        issuerAt('production'),
      ],
      ['s2'],
    ],
    [
      'no job that works already',
      'production',
      [
        job('waiting'),
        deployment('waiting'),
        job('in_progress', { jobId: '8' }),
      ],
      ['s1'],
    ],
    [
      'a job by the name of its environment as long as GitHub does not tell',
      'production',
      [issuerWaits],
      ['s2'],
    ],
    [
      'a job by the name of its service and environment',
      'production-verifier',
      [job('waiting'), issuerWaits],
      ['s1'],
    ],
    ['nobody before the job is known', 'production-verifier', [], []],
    [
      'no job of an earlier attempt',
      'production',
      [job('waiting'), job('waiting', { jobId: '8', attempt: 2 })],
      ['s2'],
    ],
  ])('names %s', (_name, environment, facts, services) => {
    const { concerns, misplaced } = concerned(
      { environment },
      { trace: traceOf(facts), jobs: [verifier, issuer], places },
    );

    expect(concerns.map(one => one.serviceId)).toEqual(services);
    expect(misplaced).toBeUndefined();
  });

  it('names a matrix of jobs of one service once', () => {
    const trace = traceOf([job('waiting'), job('waiting', { jobId: '8' })]);

    const { concerns } = concerned(
      { environment: 'production' },
      { trace, jobs: [verifier, { ...verifier, jobId: '8' }], places },
    );

    expect(concerns).toHaveLength(1);
  });

  it.each<[string, string, DeployingJob[], Place[], string[]]>([
    [
      'service whose environment a job of another one names',
      'production-verifier',
      [issuerInStaging],
      places,
      ['e3', 'e1'],
    ],
    [
      'service, however the name is written',
      'Verifier/PRODUCTION',
      [issuerInStaging],
      places,
      ['e3', 'e1'],
    ],
    [
      'service whose environment a job that deploys nothing names',
      'production-verifier',
      [],
      places,
      ['e1'],
    ],
    [
      'only service that has an environment of that name',
      'production',
      [issuerInStaging],
      [verifier, issuerInStaging],
      ['e3', 'e1'],
    ],
    [
      'service once whose own job waits there',
      'production-issuer',
      [{ ...issuer, commit: 'b'.repeat(40) }],
      places,
      ['e2'],
    ],
    [
      'service alone whose job goes there by a rule, and not the one that declares it',
      'production',
      [issuer],
      [verifier],
      ['e2'],
    ],
  ])(
    'names the %s',
    (_name, environment, jobs, declared, expectedEnvironments) => {
      const trace = traceOf([issuerWaits, issuerAt(environment)]);

      const { concerns, misplaced } = concerned(
        { environment },
        { trace, jobs, places: declared },
      );

      expect(concerns.map(one => one.environmentId)).toEqual(
        expectedEnvironments,
      );
      expect(misplaced).toBeUndefined();
    },
  );

  it.each<[string, string, DeployingJob, Place[]]>([
    [
      'goes to staging at an environment that several services share',
      'production',
      issuerInStaging,
      places,
    ],
    [
      'goes to production at an environment that nobody declares',
      'live',
      issuer,
      places,
    ],
    [
      'goes to a laxer environment of the same name',
      'production',
      { ...issuer, tier: 'development' },
      [verifier, { ...issuer, tier: 'development' }],
    ],
    [
      'goes to staging at an environment of one service that others share by its name',
      'production-verifier',
      issuerInStaging,
      [verifier, ...['e4', 'e5'].map(sharedBy)],
    ],
  ])(
    'says that nobody may be let in, if a job %s',
    (_name, environment, stranger, declared) => {
      const trace = traceOf([
        job('waiting'),
        deployment('waiting', { environment }),
        issuerWaits,
        issuerAt(environment),
      ]);

      const { misplaced } = concerned(
        { environment },
        { trace, jobs: [stranger], places: declared },
      );

      expect(misplaced).toContain(
        `The job ${stranger.name} goes to ${stranger.environment} (${stranger.tier}) by its mapping but asks at ${environment}`,
      );
    },
  );

  const smoke = job('waiting', { jobId: '9', name: 'smoke-test' });
  const smokeAt = (environment: string) =>
    deployment('waiting', { deploymentId: '52', jobId: '9', environment });

  it.each<[string, string, DeployingJob[], Place[]]>([
    ['several services share', 'production', [verifier], places],
    ['nobody declares', 'production', [verifier], []],
    ['several share, alone', 'production', [], places],
  ])(
    'says that nobody may be let in, if a job of no service waits at an environment that %s',
    (_name, environment, jobs, declared) => {
      const trace = traceOf([
        ...(jobs.length > 0
          ? [job('waiting'), deployment('waiting', { environment })]
          : []),
        smoke,
        smokeAt(environment),
      ]);

      const { misplaced } = concerned(
        { environment },
        { trace, jobs, places: declared },
      );

      expect(misplaced).toMatch(
        /The job smoke-test waits at production .*Map it in deploy\.yaml/,
      );
    },
  );

  it.each<[string, string, DeployingJob[], Place[], string[]]>([
    ['its name', 'production-verifier', [verifier], places, ['e1']],
    ['being alone there', 'production', [issuer], [verifier], ['e2', 'e1']],
  ])(
    'judges a job of no service by the service that an environment belongs to by %s',
    (_name, environment, jobs, declared, expected) => {
      const trace = traceOf([
        job('waiting', { jobId: jobs[0].jobId }),
        deployment('waiting', { environment, jobId: jobs[0].jobId }),
        smoke,
        smokeAt(environment),
      ]);

      const { concerns, misplaced } = concerned(
        { environment },
        { trace, jobs, places: declared },
      );

      expect(misplaced).toBeUndefined();
      expect(concerns.map(one => one.environmentId)).toEqual(expected);
    },
  );

  it('brings what the portal started the run for', () => {
    const trace = traceOf([smoke, smokeAt('production-verifier')]);
    const commitOf = (environmentId: string) =>
      concerned(
        { environment: 'production-verifier' },
        {
          trace,
          jobs: [],
          places,
          dispatch: {
            operationId: 'o1',
            kind: 'promote',
            status: 'running',
            environmentId,
            commit: 'd'.repeat(40),
          },
        },
      ).concerns[0].commit;

    expect([commitOf('e1'), commitOf('e2')]).toEqual(['d'.repeat(40), commit]);
  });

  it('lets a job in at an environment that only a rule names, if it is the one it is mapped to', () => {
    const trace = traceOf([job('waiting'), deployment('waiting')]);

    const { concerns, misplaced } = concerned(
      { environment: 'production' },
      { trace, jobs: [verifier], places: [] },
    );

    expect(concerns.map(one => one.serviceId)).toEqual(['s1']);
    expect(misplaced).toBeUndefined();
  });
});

describe('concernedBy', () => {
  it.each<[string, DeployingJob[], Fact[], string[]]>([
    [
      'the service whose environment was named, too',
      [issuerInStaging],
      [
        job('completed', { jobId: '8', conclusion: 'failure' }),
        issuerAt('production-verifier'),
      ],
      ['e3', 'e1'],
    ],
    ['nobody where nothing is known of the job', [issuerInStaging], [], []],
  ])('names %s', (_name, jobs, facts, expectedEnvironments) => {
    const concerns = concernedBy(
      [{ environment: 'production-verifier', deploymentId: '51' }],
      { trace: traceOf(facts), jobs, places },
    );

    expect(concerns.map(one => one.environmentId)).toEqual(
      expectedEnvironments,
    );
  });
});
