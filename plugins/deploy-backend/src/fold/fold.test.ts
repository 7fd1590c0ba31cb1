import { Fact } from '@vvp/backstage-plugin-deploy-node';
import fc from 'fast-check';
import {
  at,
  deploymentFact,
  jobFact,
  runFact,
  serviceMapping,
  status,
} from '../__testUtils__/facts';
import { DerivedDeployment, deriveDeployments } from './deriveDeployments';
import { foldFacts } from './traceHome';

const services = [serviceMapping('verifier'), serviceMapping('issuer')];

function deploymentsOf(facts: readonly Fact[]): DerivedDeployment[] {
  return [...foldFacts(facts).traces.values()]
    .flatMap(trace => deriveDeployments(trace, services).deployments)
    .sort((left, right) => left.source.localeCompare(right.source));
}

/** A job's three events, as GitHub sends them. */
function lifeOfJob(jobId: string, name: string, attempt = 1): Fact[] {
  const offset = attempt * 1_000;
  const job = jobFact({
    jobId,
    name,
    attempt,
    createdAt: at(offset),
    startedAt: at(offset + 10),
    finishedAt: at(offset + 70),
  });
  return [
    { ...job, status: 'queued', conclusion: undefined, finishedAt: undefined },
    {
      ...job,
      status: 'in_progress',
      conclusion: undefined,
      finishedAt: undefined,
    },
    job,
  ];
}

/** A deployment's events: the first does not name the job yet. */
function lifeOfDeployment(deploymentId: string, jobId: string): Fact[] {
  const run = { runId: '100', attempt: 1 };
  return [
    deploymentFact({ deploymentId }),
    ...(['waiting', 'in_progress', 'success', 'inactive'] as const).map(
      (state, index) =>
        deploymentFact({
          deploymentId,
          ...run,
          jobId,
          updatedAt: at(100 + index),
          status: status(state, 100 + index),
        }),
    ),
  ];
}

const story: Fact[] = [
  runFact({ status: 'queued', conclusion: undefined, updatedAt: at(0) }),
  runFact({ status: 'in_progress', conclusion: undefined, updatedAt: at(5) }),
  runFact({ conclusion: 'failure' }),
  runFact({ attempt: 2, updatedAt: at(2_500) }),
  ...lifeOfJob('1', 'deploy-verifier'),
  ...lifeOfJob('2', 'deploy-issuer').map(
    (fact): Fact =>
      fact.kind === 'job' && fact.status === 'completed'
        ? { ...fact, conclusion: 'failure' }
        : fact,
  ),
  ...lifeOfJob('3', 'deploy-issuer', 2),
  jobFact({ jobId: '4', name: 'deploy-verifier', runId: '200' }),
  runFact({ runId: '200', conclusion: 'cancelled', updatedAt: at(900) }),
  jobFact({
    jobId: '5',
    runId: '200',
    name: 'deploy-issuer',
    status: 'in_progress',
    conclusion: undefined,
    finishedAt: undefined,
  }),
  ...lifeOfDeployment('9000', '1'),
  deploymentFact({
    deploymentId: '9001',
    serviceKey: 'issuer',
    status: status('success', 50),
  }),
  deploymentFact({
    deploymentId: '9001',
    serviceKey: 'issuer',
    status: status('in_progress', 40),
  }),
];

describe('folding', () => {
  it('gives the same deployments in any order, with any repetition', () => {
    const expected = deploymentsOf(story);
    expect(expected).toHaveLength(6);

    fc.assert(
      fc.property(
        fc.shuffledSubarray(story, {
          minLength: story.length,
          maxLength: story.length,
        }),
        fc.array(fc.constantFrom(...story), { maxLength: 20 }),
        fc.nat(),
        (shuffled, repeated, seed) => {
          const facts = [...shuffled];
          repeated.forEach((fact, index) =>
            facts.splice((seed + index * 7) % (facts.length + 1), 0, fact),
          );

          expect(deploymentsOf(facts)).toEqual(expected);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('gives the same deployments when events on the way are lost', () => {
    const onTheWay = story.filter(isOnTheWay);
    const final = story.filter(fact => !isOnTheWay(fact));
    // When a recorded deployment started is known from its in_progress alone.
    const withoutStart = (deployments: DerivedDeployment[]) =>
      deployments.map(({ startedAt, ...rest }) => ({
        ...rest,
        ...(rest.jobName && { startedAt }),
      }));
    const expected = withoutStart(deploymentsOf(story));

    fc.assert(
      fc.property(
        fc.shuffledSubarray(onTheWay).chain(kept =>
          fc.shuffledSubarray([...final, ...kept], {
            minLength: final.length + kept.length,
            maxLength: final.length + kept.length,
          }),
        ),
        facts => {
          expect(withoutStart(deploymentsOf(facts))).toEqual(expected);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('makes each attempt of a run a deployment of its own', () => {
    const issuer = deploymentsOf(story).filter(
      one => one.serviceId === 'id-of-issuer' && one.runId === '100',
    );

    expect(issuer.map(one => [one.source, one.status])).toEqual([
      ['github:example-org/vvp:100:1:2', 'failed'],
      ['github:example-org/vvp:100:2:3', 'succeeded'],
    ]);
  });

  it('ends the jobs of a cancelled run that never said how they ended', () => {
    const [deployment] = deploymentsOf(story).filter(
      one => one.source === 'github:example-org/vvp:200:1:5',
    );

    expect(deployment).toMatchObject({
      status: 'cancelled',
      finishedAt: at(900),
    });
  });

  it('never undoes a success by a late in_progress', () => {
    const [deployment] = deploymentsOf(
      [...lifeOfJob('1', 'deploy-verifier')].reverse(),
    );

    expect(deployment.status).toBe('succeeded');
  });

  it.each([
    ['success', 'succeeded'],
    ['failure', 'failed'],
    ['cancelled', 'cancelled'],
    ['timed_out', 'errored'],
    ['startup_failure', 'errored'],
    ['stale', 'errored'],
  ] as const)('reads a job that ended in %s as %s', (conclusion, expected) => {
    const [deployment] = deploymentsOf([jobFact({ conclusion })]);

    expect(deployment.status).toBe(expected);
  });

  it('makes no deployment of a skipped job, also after it was queued', () => {
    const facts = lifeOfJob('1', 'deploy-verifier').map(
      (fact): Fact =>
        fact.kind === 'job' && fact.status === 'completed'
          ? { ...fact, conclusion: 'skipped' }
          : fact,
    );

    expect(deploymentsOf(facts)).toEqual([]);
    expect(deploymentsOf([...facts].reverse())).toEqual([]);
  });

  it.each([
    [['pending'], 'queued'],
    [['queued', 'waiting'], 'waiting'],
    [['in_progress'], 'in_progress'],
    [['in_progress', 'success'], 'succeeded'],
    [['in_progress', 'failure'], 'failed'],
    [['in_progress', 'error'], 'errored'],
    [['success', 'inactive'], 'superseded'],
    [['failure', 'inactive'], 'failed'],
    [['failure', 'success', 'inactive'], 'superseded'],
  ] as const)('reads a deployment that was %s as %s', (states, expected) => {
    const facts = states.map((state, index) =>
      deploymentFact({
        environment: 'production-verifier',
        status: status(state, 10 + index),
      }),
    );

    expect(deploymentsOf(facts)[0].status).toBe(expected);
    expect(deploymentsOf([...facts].reverse())[0].status).toBe(expected);
  });

  it('does not count a job again that a later attempt only carries over', () => {
    const deployments = deploymentsOf([
      jobFact({ jobId: '1' }),
      jobFact({ jobId: '2', attempt: 2 }),
      jobFact({ jobId: '3', name: 'deploy-issuer', conclusion: 'failure' }),
      jobFact({
        jobId: '4',
        name: 'deploy-issuer',
        attempt: 2,
        startedAt: at(500),
        finishedAt: at(600),
      }),
    ]);

    expect(deployments.map(one => one.source.split(':').at(-1))).toEqual([
      '1',
      '3',
      '4',
    ]);
  });

  it('does not take a deployment for replaced by that of another service in a shared environment', () => {
    const shared = ['verifier', 'issuer'].map((key, index) => {
      const jobId = String(index + 1);
      return [
        jobFact({ jobId, name: `deploy-${key}` }),
        ...lifeOfDeployment(`900${index}`, jobId),
      ];
    });

    expect(deploymentsOf(shared.flat()).map(one => one.status)).toEqual([
      'succeeded',
      'succeeded',
    ]);
  });

  it.each([
    ['deploy-unknown', 1],
    ['Release', 1],
    ['post-deployment-tests', 0],
    ['validate-release', 0],
    ['test-verifier', 0],
  ])('reports %s as unmapped %s times', (name, count) => {
    const [trace] = foldFacts([jobFact({ name })]).traces.values();

    expect(deriveDeployments(trace, services).unmapped).toHaveLength(count);
  });

  it('is one deployment when a job and a recorded deployment are the same', () => {
    const deployments = deploymentsOf([
      ...lifeOfJob('1', 'deploy-verifier'),
      ...lifeOfDeployment('9000', '1'),
    ]);

    expect(deployments).toEqual([
      expect.objectContaining({
        source: 'github:example-org/vvp:100:1:1',
        status: 'succeeded',
      }),
    ]);
  });
});

function isOnTheWay(fact: Fact): boolean {
  switch (fact.kind) {
    case 'deployment':
      return (
        fact.status === undefined ||
        fact.status.state === 'waiting' ||
        fact.status.state === 'in_progress'
      );
    case 'protection':
    case 'review':
      return false;
    default:
      // The one job that never says how it ended has to stay.
      return (
        fact.status !== 'completed' &&
        !(fact.kind === 'job' && fact.jobId === '5')
      );
  }
}
