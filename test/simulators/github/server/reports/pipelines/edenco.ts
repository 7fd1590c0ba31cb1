import type { WorkflowJob } from '../../state/model';
import { evidence, type JobReporter } from '../JobReporter';
import type { JobReport } from '../ReportSender';
import { drifting } from '../write/chance';
import { writeCobertura } from '../write/cobertura';
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

/** Coverage of the backend, and Playwright against staging, which decides about production. */
export const edencoReports: JobReporter = job => {
  switch (job.definitionId) {
    case 'build-and-test':
      return [coverage(job)];
    case 'e2e-tests':
      return SIDES.map(side => endToEnd(job, side));
    default:
      return [];
  }
};

function coverage(job: WorkflowJob): JobReport {
  const { run } = job.attempt;
  return evidence(
    job,
    {
      entityRef: 'component:default/edenco-backend',
      type: 'coverage',
      format: 'cobertura',
    },
    writeCobertura({
      modules: [
        { path: 'backend/config/settings.py', lines: 88 },
        { path: 'backend/orders/models.py', lines: 143 },
        { path: 'backend/orders/views.py', lines: 201 },
        { path: 'backend/branches/views.py', lines: 117 },
      ],
      rate: drifting('edenco', run.runNumber, 0.7, 0.78),
      time: job.startedAt,
      seed: run.headSha,
    }),
  );
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
