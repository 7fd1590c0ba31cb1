import type { WorkflowJob } from '../../state/model';
import { hashedNumber } from '../../state/Ids';
import { DAY } from '../../state/time';
import { evidence, type JobReporter } from '../JobReporter';
import type { JobReport } from '../ReportSender';
import { drifting } from '../write/chance';
import { writeCobertura } from '../write/cobertura';
import { writeJunit } from '../write/junit';
import { writeK6 } from '../write/loadTest';
import { writeSarif } from '../write/sarif';
import type { Vulnerability } from '../write/trivy';
import { writeTrivySarif } from '../write/trivySarif';

const SERVICES: Record<string, { rate: [number, number]; files: string[] }> = {
  'orchestrator-service-rs': {
    rate: [0.875, 0.905],
    files: ['main.rs', 'queue.rs', 'retry.rs', 'session.rs', 'router.rs'],
  },
  'data-router-rs': {
    rate: [0.82, 0.88],
    files: ['main.rs', 'route.rs', 'store.rs', 'pool.rs'],
  },
  'llm-service-rs': {
    rate: [0.825, 0.87],
    files: ['main.rs', 'prompt.rs', 'stream.rs', 'limits.rs'],
  },
  'tools-service-rs': {
    rate: [0.825, 0.86],
    files: ['main.rs', 'registry.rs', 'sandbox.rs'],
  },
  frontend: {
    rate: [0.86, 0.89],
    files: ['main.tsx', 'session.ts', 'chat.tsx', 'settings.tsx'],
  },
};

const ALL = Object.keys(SERVICES);
const RUST = ALL.filter(service => service !== 'frontend');

/** Usual latency of each scenario in milliseconds. */
const SCENARIOS: Record<string, number> = {
  baseline: 90,
  'user-journey': 210,
  stress: 640,
};

const JUNIT = { type: 'test', format: 'junit' };
const SARIF = { type: 'security', format: 'sarif' };

/** What makes CodeQL's job fail. */
const ALERT = {
  ruleId: 'rust/cleartext-logging',
  title: 'Cleartext logging of sensitive information',
  securitySeverity: '6.5',
  path: 'orchestrator-service-rs/src/session.rs',
  line: 71,
};

/** Tests and image of each deployment, integration before and load tests on staging, and the scans of `main`. */
export const phoenixReports: JobReporter = job => {
  const { startedAt: time } = job;
  const service = ALL.find(
    name =>
      job.definitionId === `test-${name}` ||
      job.definitionId === `build-${name}-image`,
  );
  if (service) {
    return job.definitionId.startsWith('test-')
      ? testsOf(job, service)
      : [imageScan(job, service)];
  }
  switch (job.definitionId) {
    case 'integration':
      return about(ALL, job, { ...JUNIT, suite: 'integration' }, integration);
    case 'load':
      return loadTest(job);
    case 'codeql':
      return about(RUST, job, { ...SARIF, suite: 'codeql' }, codeql);
    case 'codeql-frontend':
      return about(['frontend'], job, { ...SARIF, suite: 'codeql' }, codeql);
    case 'secrets-daily':
      return about(ALL, job, { ...SARIF, suite: 'secrets' }, () =>
        writeSarif({ tool: 'gitleaks', version: '8.21.2', findings: [], time }),
      );
    case 'dependencies-daily':
      return about(ALL, job, { ...SARIF, suite: 'dependencies' }, () =>
        writeTrivySarif({ vulnerabilities: [], time }),
      );
    case 'images':
      return ALL.map(name => imageScan(job, name));
    default:
      return [];
  }
};

function entity(service: string): string {
  return `component:default/${
    service === 'frontend' ? 'phoenix-frontend' : service
  }`;
}

/** One report, handed in for each of several services. */
function about(
  services: string[],
  job: WorkflowJob,
  query: { type: string; format: string; suite: string; environment?: string },
  write: (job: WorkflowJob) => string,
): JobReport[] {
  const body = write(job);
  return services.map(service =>
    evidence(job, { entityRef: entity(service), ...query }, body),
  );
}

/** Tarpaulin tells coverage alone; Jest its tests as well. */
function testsOf(job: WorkflowJob, service: string): JobReport[] {
  const { run } = job.attempt;
  const { rate, files } = SERVICES[service];
  const query = { entityRef: entity(service), suite: 'unit' };
  const coverage = evidence(
    job,
    { ...query, type: 'coverage', format: 'cobertura' },
    writeCobertura({
      modules: files.map(name => ({
        path: `${service}/src/${name}`,
        lines: hashedNumber(`${service}-${name}`, 60, 320),
      })),
      // By the day: a commit is tested on its way to each environment.
      rate: drifting(service, Math.floor(job.startedAt / DAY), ...rate),
      time: job.startedAt,
      seed: run.headSha,
    }),
  );
  if (service !== 'frontend') return [coverage];
  const tests = writeJunit({
    suite: service,
    className: service,
    cases: casesOf(service, 140 + (run.runNumber % 20)),
    time: job.startedAt,
  });
  return [coverage, evidence(job, { ...query, ...JUNIT }, tests)];
}

function casesOf(service: string, count: number): string[] {
  return Array.from(
    { length: count },
    (_, index) => `${service.replaceAll('-', '_')}_${index + 1}`,
  );
}

function integration(job: WorkflowJob): string {
  return writeJunit({
    suite: 'integration',
    className: 'orchestrator-service-rs::integration',
    cases: RUST.flatMap(service => casesOf(service, 12)),
    time: job.startedAt,
  });
}

function codeql(job: WorkflowJob): string {
  return writeSarif({
    tool: 'CodeQL',
    version: '2.19.3',
    findings: job.conclusion === 'failure' ? [ALERT] : [],
    time: job.startedAt,
  });
}

function imageScan(job: WorkflowJob, service: string): JobReport {
  const { headSha } = job.attempt.run;
  const lows = hashedNumber(`${headSha}-${service}`, 2, 7);
  const vulnerabilities: Vulnerability[] = Array.from(
    { length: lows },
    (_, index) => ({
      id: `CVE-2025-1${4000 + index * 7}`,
      title: 'Out-of-bounds read in a rarely used option',
      severity: 'LOW',
      package: ['bash', 'coreutils', 'tar', 'login'][index % 4],
      installed: '5.2.15-2',
    }),
  );
  if (hashedNumber(headSha, 0, 2) === 0) {
    vulnerabilities.push({
      id: 'CVE-2025-20417',
      title: 'Denial of service by a crafted certificate',
      severity: 'HIGH',
      package: 'openssl',
      installed: '3.0.14-1',
      fixed: '3.0.15-1',
    });
  }
  return evidence(
    job,
    { entityRef: entity(service), ...SARIF, suite: 'images' },
    writeTrivySarif({
      image: `ghcr.io/example-org/phoenix/${service}`,
      vulnerabilities,
      time: job.startedAt,
    }),
  );
}

/** A leg for each scenario, such as `load (stress)`. */
function loadTest(job: WorkflowJob): JobReport[] {
  const scenario = /\((.+)\)/.exec(job.name)?.[1] ?? '';
  const usual = SCENARIOS[scenario];
  if (usual === undefined) return [];
  const { run } = job.attempt;
  const query = {
    type: 'performance',
    format: 'k6',
    suite: `load-${scenario}`,
    environment: 'staging',
  };
  return about(ALL, job, query, () =>
    writeK6({
      requests: hashedNumber(`${run.headSha}-${scenario}`, 2_000, 3_000),
      failures: hashedNumber(`${run.headSha}-${scenario}`, 0, 9),
      seconds: 120,
      average: drifting(scenario, run.runNumber, usual * 0.95, usual * 1.05),
    }),
  );
}
