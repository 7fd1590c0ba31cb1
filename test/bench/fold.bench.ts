import { Fact, JobFact } from '@vvp/backstage-plugin-deploy-node';
import { deriveDeployments } from '@vvp/backstage-plugin-deploy-backend/src/fold/deriveDeployments';
import { foldFacts } from '@vvp/backstage-plugin-deploy-backend/src/fold/traceHome';
import { report } from './report';

const RUNS = 2_000;
const SERVICES = ['verifier', 'issuer', 'sip-redirect', 'sip-verify', 'pbx'];
const PASSES = 5;

function time(seconds: number): string {
  return new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString();
}

/** The events of pipelines that deploy five services each: three of the run, three of each job. */
function story(): Fact[] {
  return Array.from({ length: RUNS }, (_, index) => {
    const run = {
      repository: 'example-org/vvp',
      runId: String(index),
      attempt: 1,
      commit: index.toString(16).padStart(40, '0'),
      ref: 'main',
    };
    const statuses = ['queued', 'in_progress', 'completed'] as const;
    const runs = statuses.map(
      (status, step): Fact => ({
        ...run,
        kind: 'run',
        workflowName: 'Build and Deploy',
        workflowPath: '.github/workflows/deploy.yml',
        event: 'push',
        createdAt: time(index * 600),
        updatedAt: time(index * 600 + step * 100),
        status,
        conclusion: status === 'completed' ? 'success' : undefined,
      }),
    );
    const jobs = SERVICES.flatMap((service, position) =>
      statuses.map(
        (status): JobFact => ({
          ...run,
          kind: 'job',
          jobId: `${index}-${position}`,
          name: `deploy-${service}`,
          createdAt: time(index * 600),
          startedAt: time(index * 600 + 10),
          finishedAt:
            status === 'completed' ? time(index * 600 + 90) : undefined,
          status,
          conclusion: status === 'completed' ? 'success' : undefined,
        }),
      ),
    );
    return [...runs, ...jobs];
  }).flat();
}

const services = SERVICES.map(key => ({
  serviceId: key,
  serviceKey: key,
  environments: [
    {
      name: 'production',
      selectors: [
        [
          {
            workflow: 'deploy.yml',
            job: `deploy-${key}`,
            commit: 'run' as const,
          },
        ],
      ],
    },
  ],
}));

/** The best of several passes, in events a second. */
function rateOf(facts: readonly Fact[], work: () => void): number {
  const seconds = Array.from({ length: PASSES }, () => {
    const start = process.hrtime.bigint();
    work();
    return Number(process.hrtime.bigint() - start) / 1e9;
  });
  return Math.round(facts.length / Math.min(...seconds));
}

const facts = story();
const folded = foldFacts(facts);
const deployments = [...folded.traces.values()].flatMap(
  trace => deriveDeployments(trace, services).deployments,
);
if (deployments.length !== RUNS * SERVICES.length) {
  throw new Error(`${deployments.length} deployments came out of the story`);
}

// What any fold has to do at the least: look each event over once.
const baseline = rateOf(facts, () => structuredClone(facts));
report({
  name: 'fold: events',
  value: rateOf(facts, () => foldFacts(facts)),
  unit: 'events/s',
  baseline,
});
report({
  name: 'fold and derive: events',
  value: rateOf(facts, () => {
    for (const trace of foldFacts(facts).traces.values()) {
      deriveDeployments(trace, services);
    }
  }),
  unit: 'events/s',
  baseline,
});
