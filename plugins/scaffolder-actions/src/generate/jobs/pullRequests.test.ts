import { parse } from 'yaml';
import { generate } from '../__testUtils__/generating';
import { AFTER_CI, ONE_WORKFLOW } from '../__testUtils__/stagedSpecs';
import { Workflow } from '../model';

jest.setTimeout(240_000);

function workflowOf(text: string, file: string): Workflow {
  const found = generate(text).find(({ path }) => path.endsWith(`/${file}`));
  return parse(found?.content ?? '{}');
}

const PROPOSED = "github.event_name == 'pull_request'";
const AFTER = AFTER_CI.replace(
  'workflow: cd.yml',
  'workflow: cd.yml, pullRequests: true',
);
const TAGS = ONE_WORKFLOW.replace('[main, feature/**]', '[]')
  .replace('branches: []', "tags: ['rc*']")
  .replace('deploy: { branches: [main] }', "deploy: { tags: ['v*'] }");

describe('a pull request', () => {
  it.each([
    ['tags alone are deployed', TAGS, 'ci-cd.yml'],
    ['another workflow comes first', AFTER, 'cd.yml'],
  ])('is tested where %s', (_, text, file) => {
    const { on, jobs } = workflowOf(text, file);

    expect(on.pull_request).toEqual({ branches: ['main'] });
    expect(jobs.release.if).toMatch(
      /^github\.event_name == 'pull_request' \|\| /,
    );
    expect(jobs['test-shop'].if).toBe("needs.release.outputs.shop == 'true'");
    expect(jobs['deploy-shop-staging'].if).toContain(
      "github.event_name != 'pull_request'",
    );
  });

  it('is tested as it is proposed after another workflow', () => {
    const { jobs } = workflowOf(AFTER, 'cd.yml');

    expect(jobs.release.outputs?.commit).toMatch(/ \|\| github\.sha \}\}$/);
  });

  it('is not there where nobody asks for it', () => {
    const { jobs } = workflowOf(AFTER_CI, 'cd.yml');

    expect(jobs.release.if).not.toContain('pull_request');
  });

  it('has the tests of an environment that it does not go to', () => {
    const { jobs } = workflowOf(
      ONE_WORKFLOW.replace('before: [staging]', 'before: [production]'),
      'ci-cd.yml',
    );

    expect(jobs.style.if).toContain(`(${PROPOSED} || `);
  });
});

describe('a service that is called as what the job "release" says', () => {
  it('is told apart from it', () => {
    const { jobs } = workflowOf(
      AFTER_CI.replace(/\bshop(:|\]|-|\/)/g, 'commit$1'),
      'cd.yml',
    );

    expect(jobs.release.outputs).toEqual({
      released_commit:
        '${{ github.event.workflow_run.head_sha || github.sha }}',
      commit: 'true',
    });
    expect(jobs['deploy-commit-staging'].if).toContain(
      "needs.release.outputs.commit == 'true'",
    );
    expect(
      jobs['deploy-commit-staging'].steps.find(({ uses }) =>
        uses?.startsWith('actions/checkout@'),
      )?.with?.ref,
    ).toBe('${{ needs.release.outputs.released_commit }}');
  });
});
