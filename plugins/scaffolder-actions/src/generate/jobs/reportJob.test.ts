import { parse } from 'yaml';
import { EXAMPLES, generate, SHOP } from '../__testUtils__/generating';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Job } from '../model';
import { artifactPaths } from './artifactPaths';

const PORTAL = 'portal: https://portal.example.test/api/deploy';

type Jobs = Record<string, Job>;

/** The jobs of all workflows of a spec, by workflow. */
function workflowsOf(text: string): [string, Jobs][] {
  return generate(text)
    .filter(({ path }) => path.startsWith('.github/workflows/'))
    .map(({ path, content }) => [path, parse(content).jobs]);
}

function jobsOf(tests: string, pipeline = PORTAL): Jobs {
  const text = SHOP.replace('pipeline: {}', `pipeline: { ${pipeline} }`)
    .replace('paths: [src/**]', '$&\n      entity: component:default/shop')
    .replace('  environments:', `  tests:\n    ${tests}\n  environments:`);
  return Object.assign({}, ...workflowsOf(text).map(([, jobs]) => jobs));
}

const LOAD =
  'load: { workflow: load.yml, on: [push], language: none, commands: [./load.sh], services: [shop], directory: load, reports: { performance: out/k6.json, test: junit.xml } }';

describe('the job that reports what another one left', () => {
  const { load, 'load-report': report } = jobsOf(LOAD);

  it('alone may ask for a token, and runs nothing but the script that reports', () => {
    expect(load.permissions).toEqual({ contents: 'read' });
    expect(report.permissions).toEqual({
      contents: 'read',
      'id-token': 'write',
    });
    expect(report.steps.map(({ uses, run }) => run ?? uses)).toEqual([
      expect.stringMatching(/^actions\/checkout@/),
      expect.stringMatching(/^actions\/download-artifact@/),
      '.github/deploy/report-evidence.sh',
    ]);
    expect(report.steps[0].with).toEqual({
      'persist-credentials': false,
      'sparse-checkout': '.github/deploy',
      'sparse-checkout-cone-mode': false,
    });
  });

  it('gets what the other one kept, from the attempt that made it', () => {
    expect(load.outputs).toEqual({ attempt: '${{ github.run_attempt }}' });
    expect(load.steps[load.steps.length - 1]).toMatchObject({
      if: '!cancelled()',
      'continue-on-error': true,
      with: {
        name: 'load-reports-${{ github.run_attempt }}',
        path: 'load/out/k6.json\nload/junit.xml',
        'if-no-files-found': 'ignore',
      },
    });
    expect(report.steps[1]).toMatchObject({
      'continue-on-error': true,
      with: {
        pattern: 'load-reports-${{ needs.load.outputs.attempt }}',
        path: 'reports',
      },
    });
    expect(report.steps[2].env).toMatchObject({
      REPORTS: 'reports',
      TEST_REPORT: 'junit.xml',
      PERFORMANCE_REPORT: 'out/k6.json',
    });
  });

  it('runs whatever the other one said, unless it never ran', () => {
    expect(report.needs).toEqual(['load']);
    expect(report.if).toBe(
      "!cancelled() && (needs.load.result == 'success' || needs.load.result == 'failure')",
    );
  });

  it('has a leg for each of the other one, whose attempts differ where only some are run again', () => {
    const { load: legs, 'load-report': reports } = jobsOf(
      LOAD.replace(
        'language: none',
        "$&, matrix: { scenario: [a, b], users: ['1', '2'] }",
      ),
    );

    expect(reports.strategy).toEqual(legs.strategy);
    expect(Object.keys(legs.outputs ?? {})).toEqual([
      'attempt-0',
      'attempt-1',
      'attempt-2',
      'attempt-3',
    ]);
    expect(legs.outputs?.['attempt-3']).toBe(
      "${{ strategy.job-index == 3 && github.run_attempt || '' }}",
    );
    expect(legs.steps[legs.steps.length - 1].with?.name).toBe(
      'load-reports-${{ strategy.job-index }}-${{ github.run_attempt }}',
    );
    expect(reports.steps[1].with?.pattern).toBe(
      "load-reports-${{ strategy.job-index }}-${{ needs.load.outputs[format('attempt-{0}', strategy.job-index)] }}",
    );
    expect(reports.steps[2].env?.SUITE).toBe(
      'load-${{ matrix.scenario }}-${{ matrix.users }}',
    );
    // One leg that ran out of time does not keep back what the others have.
    expect(reports.if).toBe("!cancelled() && needs.load.result != 'skipped'");
  });

  it('is not there where no portal is, and then nothing is kept for it', () => {
    const { 'load-report': none, load: alone } = jobsOf(LOAD, '');

    expect(none).toBeUndefined();
    expect(alone.outputs).toBeUndefined();
    expect(JSON.stringify(alone)).not.toContain('load-reports');
  });

  it('keeps files whose names begin with a dot, too', () => {
    const { load: hidden } = jobsOf(LOAD.replace('junit.xml', '.junit.xml'));

    expect(hidden.steps[hidden.steps.length - 1].with).toMatchObject({
      'include-hidden-files': true,
    });
  });
});

/** Actions that log in or sign, which takes a token. */
const LOGIN =
  /^(azure\/login|aws-actions\/configure-aws-credentials|sigstore\/cosign-installer)@/;

describe.each([
  'vvp',
  'sandbox-broker',
  'phoenix-orchestrator',
  'edenco',
  'ngx-voice',
])('the jobs of %s', name => {
  const jobs = workflowsOf(
    readFileSync(resolve(EXAMPLES, name, 'deploy.yaml'), 'utf8'),
  ).flatMap(([file, all]) =>
    Object.entries(all).map(([key, job]) => ({ file, key, job })),
  );
  const reporting = jobs.filter(({ job }) =>
    job.steps.some(({ run }) => run?.endsWith('/report-evidence.sh')),
  );

  it('may ask for tokens only to log in or to sign, or to report and nothing else', () => {
    const others = jobs.filter(
      one =>
        one.job.permissions['id-token'] === 'write' && !reporting.includes(one),
    );

    expect(reporting.length).toBeGreaterThan(2);
    for (const { file, key, job } of reporting) {
      expect([
        file,
        key,
        job.steps.filter(
          ({ uses = '', run }) =>
            !/^actions\/(checkout|download-artifact)@/.test(uses) &&
            run !== '.github/deploy/report-evidence.sh',
        ),
      ]).toEqual([file, key, []]);
    }
    expect(
      others.filter(
        ({ job }) => !job.steps.some(({ uses = '' }) => LOGIN.test(uses)),
      ),
    ).toEqual([]);
  });

  it('report what a job kept under the name that is fetched', () => {
    for (const { file, job } of reporting) {
      const [key] = (job.needs ?? []).filter(one => one !== 'release');
      const kept = jobs
        .find(one => one.file === file && one.key === key)
        ?.job.steps.find(one => one.name === 'Keep the reports for the portal');
      const fetched = String(job.steps[1].with?.pattern);
      const files = artifactPaths(String(kept?.with?.path).split('\n'));
      const asked = job.steps.flatMap(({ env = {} }) =>
        Object.entries(env)
          .filter(([variable]) => variable.endsWith('_REPORT'))
          .map(([, path]) => path),
      );

      expect(String(kept?.with?.name).replace(/-\$\{\{.*/, '')).toBe(
        fetched.replace(/-\$\{\{.*/, ''),
      );
      expect(new Set(asked)).toEqual(new Set(files.values()));
    }
  });
});

describe('paths in an artifact', () => {
  it.each([
    [['a/b/c.xml'], ['c.xml']],
    [
      ['a/b/c.xml', 'a/b/d/e.xml'],
      ['c.xml', 'd/e.xml'],
    ],
    [
      ['a/b.xml', 'ab/c.xml'],
      ['a/b.xml', 'ab/c.xml'],
    ],
    [
      ['./a/b.xml', 'a/c.xml'],
      ['b.xml', 'c.xml'],
    ],
    [
      ['a.xml', 'b/c.xml'],
      ['a.xml', 'b/c.xml'],
    ],
    [['a/b.xml', 'a/b.xml'], ['b.xml']],
  ])('of %j are %j', (files, paths) => {
    expect([...artifactPaths(files).values()]).toEqual(paths);
  });
});
