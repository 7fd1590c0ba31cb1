import type { WorkflowJob } from '../../state/model';
import { evidence, type JobReporter } from '../JobReporter';
import type { JobReport } from '../ReportSender';
import { drifting } from '../write/chance';
import { writeCobertura, type CoveredModule } from '../write/cobertura';
import { writeJunit } from '../write/junit';
import { writePlaywright } from '../write/playwright';

const TITLES = [
  'a visitor finds a branch by its town',
  'a visitor orders for two branches',
  'an owner changes opening hours',
  'an owner sees the orders of today',
  'the total of an order holds with a voucher',
  'sign-in by e-mail link',
  'search answers while typing',
  'the menu works on a small screen',
];

const SIDES = ['backend', 'frontend'];

const MODULES: Record<string, CoveredModule[]> = {
  backend: [
    { path: 'backend/config/settings.py', lines: 88 },
    { path: 'backend/orders/models.py', lines: 143 },
    { path: 'backend/orders/views.py', lines: 201 },
    { path: 'backend/branches/views.py', lines: 117 },
  ],
  frontend: [
    { path: 'frontend/src/main.tsx', lines: 41 },
    { path: 'frontend/src/orders/Basket.tsx', lines: 126 },
    { path: 'frontend/src/branches/Search.tsx', lines: 94 },
  ],
};

/** Tests and coverage of both sides, and Playwright against staging, which decides about production. */
export const edencoReports: JobReporter = job => {
  switch (job.definitionId) {
    case 'test-backend':
      return unit(job, 'backend', 164);
    case 'test-frontend':
      return unit(job, 'frontend', 58);
    case 'e2e':
      return SIDES.map(side => endToEnd(job, side));
    default:
      return [];
  }
};

function unit(job: WorkflowJob, side: string, count: number): JobReport[] {
  const { run } = job.attempt;
  const query = {
    entityRef: `component:default/edenco-${side}`,
    suite: 'unit',
  };
  return [
    evidence(
      job,
      { ...query, type: 'coverage', format: 'cobertura' },
      writeCobertura({
        modules: MODULES[side],
        rate: drifting(`edenco-${side}`, run.runNumber, 0.7, 0.78),
        time: job.startedAt,
        seed: run.headSha,
      }),
    ),
    evidence(
      job,
      { ...query, type: 'test', format: 'junit' },
      writeJunit({
        suite: 'unit',
        className: `${side}.tests`,
        cases: Array.from({ length: count }, (_, index) => `test_${index + 1}`),
        time: job.startedAt,
      }),
    ),
  ];
}

function endToEnd(job: WorkflowJob, side: string): JobReport {
  const { run } = job.attempt;
  return evidence(
    job,
    {
      entityRef: `component:default/edenco-${side}`,
      type: 'test',
      format: 'playwright',
      suite: 'e2e',
      environment: 'staging',
    },
    writePlaywright({
      file: 'e2e/orders.spec.ts',
      titles: TITLES,
      failed: job.conclusion === 'failure' ? [TITLES[4]] : [],
      flaky: run.runNumber % 3 === 0 ? [TITLES[6]] : [],
      time: job.startedAt,
    }),
  );
}
