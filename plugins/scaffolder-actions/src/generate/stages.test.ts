import { parse } from 'yaml';
import { lintWorkflows } from '../lint';
import { shellcheckProgram } from '../lint/__testUtils__/shellcheckProgram';
import { generate, specOf } from './__testUtils__/generating';
import {
  AFTER_CI,
  ONE_WORKFLOW,
  OWN_WORKFLOWS,
} from './__testUtils__/stagedSpecs';
import { Job, Workflow } from './model';
import { planPipeline } from './plan';
import { subjectsOf } from './trust';

jest.setTimeout(240_000);

const texts = { ONE_WORKFLOW, OWN_WORKFLOWS, AFTER_CI };
const made = new Map<string, Record<string, Workflow>>();

/** The workflows of a text, by file name; made once for all tests. */
function workflowsIn(text: string): Record<string, Workflow> {
  const known = made.get(text) ?? {
    ...Object.fromEntries(
      generate(text)
        .filter(({ path }) => path.startsWith('.github/workflows/'))
        .map(({ path, content }) => [
          path.slice('.github/workflows/'.length),
          parse(content),
        ]),
    ),
  };
  made.set(text, known);
  return known;
}

const stepsOf = ({ steps }: Job) => steps.map(({ name }) => name);
const stepOf = ({ steps }: Job, name: string) =>
  steps.find(step => step.name === name);

it.each(Object.entries(texts))(
  'the linter finds nothing in what %s asks for',
  async (_, text) => {
    const files = generate(text)
      .filter(({ path }) => path.startsWith('.github/workflows/'))
      .map(({ path, content }) => ({ file: path, text: content }));

    expect(files.length).toBeGreaterThan(1);
    expect(
      await lintWorkflows(files, { shellcheck: shellcheckProgram }),
    ).toEqual([]);
  },
);

describe('environments of one workflow', () => {
  const workflow = () => workflowsIn(ONE_WORKFLOW)['ci-cd.yml'];

  it('are deployed to from what any of them takes', () => {
    expect(workflow().on).toMatchObject({
      push: { branches: ['main', 'feature/**'] },
      pull_request: { branches: ['main'] },
    });
  });

  it('take their own branches only', () => {
    const { jobs } = workflow();

    expect(jobs['deploy-shop-staging'].if).not.toContain('github.ref');
    expect(jobs['deploy-shop-production'].if).toContain(
      "&& github.ref == 'refs/heads/main'",
    );
  });

  it('come one after the other, with what tests the earlier one between them', () => {
    const { jobs } = workflow();

    expect(jobs.e2e.needs).toEqual([
      'changes',
      'deploy-shop-staging',
      'deploy-cart-staging',
    ]);
    expect(jobs['deploy-cart-production'].needs).toEqual([
      'changes',
      'test-cart',
      'e2e',
      'deploy-cart-staging',
    ]);
  });

  it('wait for tests before them, which pull requests run, too', () => {
    const { jobs } = workflow();

    expect(jobs.style).toMatchObject({
      needs: ['changes'],
      if: "(needs.changes.outputs.shop == 'true' || needs.changes.outputs.cart == 'true')",
    });
    expect(jobs['deploy-cart-staging'].needs).toContain('style');
    expect(jobs['deploy-cart-production'].needs).not.toContain('style');
  });

  it('are told of by a last job that waits for all and may do nothing else', () => {
    const { 'report-failure': last, ...others } = workflow().jobs;

    expect(last.needs).toEqual(Object.keys(others));
    expect(last.permissions).toEqual({ contents: 'read', issues: 'write' });
    expect(stepsOf(last)).toEqual([
      'Check out',
      'Open an issue',
      'Tell the chat',
    ]);
    expect(stepOf(last, 'Open an issue')?.env).toMatchObject({
      LABELS: 'bug',
      NEEDS: '${{ toJSON(needs) }}',
    });
  });

  it('have what tests wrote kept and reported', () => {
    const { e2e, 'e2e-report': report } = workflow().jobs;

    expect(stepOf(e2e, 'Keep what the tests said')?.with).toMatchObject({
      path: 'testing/html\ntesting/results.xml',
      'retention-days': 30,
    });
    expect(stepOf(e2e, 'Keep the reports for the portal')?.with).toMatchObject({
      path: 'testing/results.xml',
      'retention-days': 30,
    });
    expect(stepOf(report, 'Report to the portal')?.env).toMatchObject({
      ENTITIES: 'component:default/shop component:default/cart',
      ENVIRONMENT: 'staging',
      REPORTS: 'reports',
      TEST_REPORT: 'results.xml',
    });
  });
});

describe('environments with workflows of their own', () => {
  const workflow = (file: string) => workflowsIn(OWN_WORKFLOWS)[file];

  it('have no job of each other', () => {
    expect(Object.keys(workflow('deploy-dev.yml').jobs)).toEqual([
      'changes',
      'test-shop',
      'test-cart',
      'deploy-shop',
      'deploy-cart',
    ]);
    expect(workflow('deploy-dev.yml').on.push).toEqual({
      branches: ['develop'],
    });
  });

  it('release a tag whole, once its signature is good', () => {
    const { on, jobs, name } = workflow('deploy-production.yml');

    expect(name).toBe('Deploy to Production');
    expect(on.push).toEqual({ tags: ['v*'] });
    expect(jobs.release.if).toBe(
      "github.ref == 'refs/heads/main' || (startsWith(github.ref, 'refs/tags/v') && !contains(github.ref_name, '/'))",
    );
    expect(jobs.release.outputs?.shop).toBe(
      "${{ github.event_name != 'workflow_dispatch' || inputs.specific_service == 'all' || inputs.specific_service == 'shop' }}",
    );
    expect(
      stepOf(jobs.release, 'Check the signature of the tag'),
    ).toMatchObject({ if: "github.ref_type == 'tag'" });
    expect(jobs['deploy-cart'].needs).toEqual([
      'release',
      'test-cart',
      'integration',
    ]);
  });

  it('ask whoever starts them for one service', () => {
    for (const file of ['deploy-dev.yml', 'deploy-production.yml']) {
      expect(workflow(file).on.workflow_dispatch).toMatchObject({
        inputs: {
          specific_service: {
            options: ['all', 'shop', 'cart'],
            default: 'all',
          },
        },
      });
    }
  });

  it('are trusted as what they are: by environment, or by branch', () => {
    const planned = planPipeline(specOf(OWN_WORKFLOWS));

    const subjects = 'plan' in planned ? subjectsOf(planned.plan) : [];
    expect(
      subjects.map(one => `${one.workflow} ${one.job}: ${one.subject}`),
    ).toEqual([
      'deploy-dev.yml deploy-shop: repo:example-org/shop:environment:development-shop',
      'deploy-dev.yml deploy-cart: repo:example-org/shop:environment:development-cart',
      'deploy-production.yml deploy-shop: repo:example-org/shop:environment:production-shop',
      'deploy-production.yml deploy-cart: repo:example-org/shop:environment:production-cart',
    ]);
  });
});

describe('a deployment after another workflow', () => {
  const workflow = () => workflowsIn(AFTER_CI)['cd.yml'];

  it('is started by its success for a push, by its name', () => {
    expect(workflow().on.workflow_run).toEqual({
      workflows: ['Continuous Integration'],
      types: ['completed'],
      branches: ['main'],
    });
    expect(workflow().on.push).toBeUndefined();
  });

  it('never runs what a stranger proposed', () => {
    const { if: condition } = workflow().jobs.release;

    expect(condition).toContain("github.event.workflow_run.event == 'push'");
    expect(condition).toContain(
      "github.event.workflow_run.conclusion == 'success'",
    );
    expect(condition).toContain(
      'github.event.workflow_run.head_repository.full_name == github.repository',
    );
  });

  it('takes the commit of the run that started it, in every job', () => {
    const { release, ...jobs } = workflow().jobs;

    expect(release.outputs?.commit).toBe(
      '${{ github.event.workflow_run.head_sha || github.sha }}',
    );
    expect(Object.keys(jobs).length).toBeGreaterThan(3);
    for (const job of Object.values(jobs)) {
      expect(job.needs).toContain('release');
      expect(stepOf(job, 'Check out')?.with?.ref).toBe(
        '${{ needs.release.outputs.commit }}',
      );
      expect(JSON.stringify(job)).not.toContain('github.sha');
    }
  });

  it('is not waited for by those who propose: CI runs for them apart', () => {
    expect(workflowsIn(AFTER_CI)['ci.yml']).toMatchObject({
      on: {
        push: { branches: ['main', 'develop'] },
        pull_request: { branches: ['main', 'develop'] },
      },
      concurrency: {
        'cancel-in-progress': "${{ github.event_name == 'pull_request' }}",
      },
    });
  });
});

describe('cleaning up', () => {
  const withImages = () =>
    ONE_WORKFLOW.replace(
      'image: { dockerfile: shop/Dockerfile }',
      'image: { dockerfile: shop/Dockerfile, repository: ghcr.io/example-org/shop/shop }',
    ).replaceAll(
      'image: registry.example.test/shop }',
      'image: ghcr.io/example-org/shop/shop }',
    );

  it('spares what ran in every environment', () => {
    const { images } = workflowsIn(withImages())['cleanup.yml'].jobs;

    expect(images.permissions).toEqual({
      contents: 'read',
      deployments: 'read',
      packages: 'write',
    });
    expect(images.steps[1].env).toMatchObject({
      IMAGES: 'ghcr.io/example-org/shop/shop',
      ENVIRONMENTS:
        '["staging-shop","staging-cart","production-shop","production-cart"]',
      KEEP: '10',
      DAYS: '30',
      LATE_COMMITS: 'false',
    });
  });

  it('touches no images where there are none at ghcr.io', () => {
    expect(Object.keys(workflowsIn(ONE_WORKFLOW)['cleanup.yml'].jobs)).toEqual([
      'actions',
    ]);
  });
});
