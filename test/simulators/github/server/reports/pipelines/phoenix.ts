import type { WorkflowJob } from '../../state/model';
import { hashedNumber } from '../../state/Ids';
import { evidence, type JobReporter } from '../JobReporter';
import type { JobReport } from '../ReportSender';
import { drifting } from '../write/chance';
import { writeCobertura } from '../write/cobertura';
import { writeJunit } from '../write/junit';
import { writeMeasurements } from '../write/performance';
import { writeSarif } from '../write/sarif';
import { writeTrivy } from '../write/trivy';

const SERVICES: Record<string, { rate: [number, number]; files: string[] }> = {
  'orchestrator-service-rs': {
    rate: [0.855, 0.89],
    files: ['main.rs', 'queue.rs', 'retry.rs', 'session.rs', 'router.rs'],
  },
  'data-router-rs': {
    rate: [0.82, 0.88],
    files: ['main.rs', 'route.rs', 'store.rs', 'pool.rs'],
  },
  'llm-service-rs': {
    rate: [0.81, 0.86],
    files: ['main.rs', 'prompt.rs', 'stream.rs', 'limits.rs'],
  },
  'tools-service-rs': {
    rate: [0.805, 0.85],
    files: ['main.rs', 'registry.rs', 'sandbox.rs'],
  },
  frontend: {
    rate: [0.855, 0.885],
    files: ['main.tsx', 'session.ts', 'chat.tsx', 'settings.tsx'],
  },
};

/** Usual latency of each scenario in milliseconds. */
const SCENARIOS = { baseline: 90, 'user-journey': 210, stress: 640 };

/** A finding that the release which waits has brought. */
const NEW_FINDING = {
  ruleId: 'rust/cleartext-logging',
  title: 'Cleartext logging of sensitive information',
  securitySeverity: '6.5',
  path: 'orchestrator-service-rs/src/session.rs',
  line: 71,
};

/** Tests and coverage on develop, scans of every release, load tests on staging. */
export const phoenixReports: JobReporter = job => {
  const file = job.attempt.run.workflow.path.split('/').at(-1);
  switch (`${file} ${job.definitionId}`) {
    case 'deploy-dev.yml build-and-push':
      return testsAndCoverage(job);
    case 'deploy-staging.yml integration-tests':
      return perService(service =>
        evidence(
          job,
          {
            entityRef: entity(service),
            type: 'test',
            format: 'junit',
            suite: 'integration',
            environment: 'staging',
          },
          writeJunit({
            suite: 'integration',
            className: `integration::${service.replaceAll('-', '_')}`,
            cases: cases(service, 24),
            time: job.startedAt,
          }),
        ),
      );
    case 'deploy-staging.yml load-tests':
      return loadTests(job);
    case 'deploy-production.yml validate-release':
      return codeScans(job);
    case 'deploy-staging.yml scan-images':
    case 'deploy-production.yml scan-images':
      return perService(service => imageScan(job, service));
    default:
      return [];
  }
};

function entity(service: string): string {
  return `component:default/${
    service === 'frontend' ? 'phoenix-frontend' : service
  }`;
}

function perService(report: (service: string) => JobReport): JobReport[] {
  return Object.keys(SERVICES).map(report);
}

function cases(service: string, count: number): string[] {
  return Array.from(
    { length: count },
    (_, index) => `${service.replaceAll('-', '_')}_${index + 1}`,
  );
}

function testsAndCoverage(job: WorkflowJob): JobReport[] {
  const service = Object.keys(SERVICES).find(name => job.name.includes(name));
  if (!service) return [];
  const { run } = job.attempt;
  const { rate, files } = SERVICES[service];
  const folder = service === 'frontend' ? 'frontend/src' : `${service}/src`;
  return [
    evidence(
      job,
      { entityRef: entity(service), type: 'coverage', format: 'cobertura' },
      writeCobertura({
        modules: files.map(name => ({
          path: `${folder}/${name}`,
          lines: hashedNumber(`${service}-${name}`, 60, 320),
        })),
        rate: drifting(service, run.runNumber, ...rate),
        time: job.startedAt,
        seed: run.headSha,
      }),
    ),
    evidence(
      job,
      {
        entityRef: entity(service),
        type: 'test',
        format: 'junit',
        suite: 'unit',
      },
      writeJunit({
        suite: service,
        className: service.replaceAll('-', '_'),
        cases: cases(service, 140 + (run.runNumber % 20)),
        time: job.startedAt,
      }),
    ),
    evidence(
      job,
      {
        entityRef: entity(service),
        type: 'performance',
        format: 'measurements',
        suite: 'build',
      },
      writeMeasurements(job.startedAt, [
        {
          metric: 'build.time',
          value: drifting(`build-${service}`, run.runNumber, 140, 260),
          unit: 's',
        },
      ]),
    ),
  ];
}

function codeScans(job: WorkflowJob): JobReport[] {
  const { run } = job.attempt;
  return perService(service =>
    evidence(
      job,
      {
        entityRef: entity(service),
        type: 'security',
        format: 'sarif',
        suite: 'codeql',
      },
      writeSarif({
        tool: 'CodeQL',
        version: '2.19.3',
        findings:
          service === 'orchestrator-service-rs' && run.headBranch === 'v1.6.0'
            ? [NEW_FINDING]
            : [],
        time: job.startedAt,
      }),
    ),
  ).concat(
    perService(service =>
      evidence(
        job,
        {
          entityRef: entity(service),
          type: 'security',
          format: 'sarif',
          suite: 'secrets',
        },
        writeSarif({
          tool: 'gitleaks',
          version: '8.21.2',
          findings: [],
          time: job.startedAt,
        }),
      ),
    ),
    perService(service =>
      evidence(
        job,
        {
          entityRef: entity(service),
          type: 'security',
          format: 'trivy',
          suite: 'dependencies',
        },
        writeTrivy({
          target: service,
          kind: 'filesystem',
          vulnerabilities: [],
          time: job.startedAt,
        }),
      ),
    ),
  );
}

function imageScan(job: WorkflowJob, service: string): JobReport {
  const { run } = job.attempt;
  const lows = hashedNumber(`${run.headSha}-${service}`, 2, 7);
  return evidence(
    job,
    {
      entityRef: entity(service),
      type: 'security',
      format: 'trivy',
      suite: 'images',
    },
    writeTrivy({
      target: `registry.example.test/phoenix/${service}:${run.headSha.slice(
        0,
        7,
      )}`,
      vulnerabilities: [
        ...Array.from({ length: lows }, (_, index) => ({
          id: `CVE-2025-1${String(4000 + index * 7)}`,
          title: 'Out-of-bounds read in a rarely used option',
          severity: 'LOW' as const,
          package: ['bash', 'coreutils', 'tar', 'login'][index % 4],
          installed: '5.2.15-2',
        })),
        ...(run.runNumber % 3 === 0
          ? [
              {
                id: 'CVE-2025-20417',
                title: 'Denial of service by a crafted certificate',
                severity: 'HIGH' as const,
                package: 'openssl',
                installed: '3.0.14-1',
                fixed: '3.0.15-1',
              },
            ]
          : []),
      ],
      time: job.startedAt,
    }),
  );
}

/** Latency of each scenario, as the load tests sum it up. */
function loadTests(job: WorkflowJob): JobReport[] {
  const { run } = job.attempt;
  return perService(service =>
    evidence(
      job,
      {
        entityRef: entity(service),
        type: 'performance',
        format: 'measurements',
        suite: 'load',
        environment: 'staging',
      },
      writeMeasurements(
        job.startedAt,
        Object.entries(SCENARIOS).flatMap(([scenario, usual]) => {
          const average = drifting(
            `${service}-${scenario}`,
            run.runNumber,
            usual * 0.95,
            usual * 1.05,
          );
          return [
            { scenario, metric: 'latency.avg', value: average, unit: 'ms' },
            {
              scenario,
              metric: 'latency.p95',
              value: average * 2.2,
              unit: 'ms',
            },
            {
              scenario,
              metric: 'latency.p99',
              value: average * 3.6,
              unit: 'ms',
            },
          ];
        }),
      ),
    ),
  );
}
