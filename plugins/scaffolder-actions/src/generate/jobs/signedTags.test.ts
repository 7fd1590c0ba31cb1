import { parse } from 'yaml';
import { generate } from '../__testUtils__/generating';
import { Job, Workflow } from '../model';

jest.setTimeout(240_000);

const ECS = (name: string) =>
  `{ target: { type: ecs, region: eu-west-1, cluster: ${name}, service: api, taskDefinition: api-${name}, container: api } }`;

/** A service in two environments, production with signed tags. */
function text(staging: string, more = ''): string {
  return `apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata: { name: shop }
spec:
  repository: example-org/shop
  pipeline: { aws: { deployRole: { variable: ROLE }, buildRole: { variable: BUILD } }${more} }
  environments:
    - { name: staging, tier: staging${staging} }
    - { name: production, tier: production, deploy: { tags: ['v*'], signedTags: true } }
  services:
    api:
      paths: [api/**]
      image: { dockerfile: Dockerfile, repository: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/api }
      environments:
        staging: ${ECS('staging')}
        production: ${ECS('production')}
`;
}

function jobsOf(source: string, file: string): Record<string, Job> {
  const found = generate(source).find(({ path }) => path.endsWith(`/${file}`));
  return (parse(found?.content ?? '{}') as Workflow).jobs;
}

/** When a job looks at the signature; nothing if it never does. */
function looksIf({ steps }: Job): string | undefined {
  return steps.find(({ run }) => run === '.github/deploy/verify-tag.sh')?.if;
}

const TAG = "github.ref_type == 'tag'";

describe('the signature of a tag', () => {
  it('is looked at for each that is deployed where all have one', () => {
    expect(looksIf(jobsOf(text(''), 'deploy.yml').changes)).toBe(TAG);
  });

  it('is not asked of tags that go elsewhere', () => {
    const { release } = jobsOf(
      text(", deploy: { tags: ['rc*'] }"),
      'deploy.yml',
    );

    expect(looksIf(release)).toBe(
      `${TAG} && (startsWith(github.ref, 'refs/tags/v') && !contains(github.ref_name, '/'))`,
    );
  });

  it('is asked of whatever gets to the environment, wherever else it goes', () => {
    const { release } = jobsOf(
      text(", deploy: { tags: ['v1*', 'rc*'] }"),
      'deploy.yml',
    );

    expect(looksIf(release)).toContain("startsWith(github.ref, 'refs/tags/v')");
    expect(looksIf(release)).not.toContain('refs/tags/v1');
  });

  it.each([
    ['goes back', '', 'rollback.yml', 'rollback-api-'],
    [
      'deploys by hand',
      ', manual: { workflow: hand.yml }',
      'hand.yml',
      'deploy-',
    ],
  ])('is looked at by what %s, before it logs in', (_, more, file, name) => {
    const jobs = jobsOf(text('', more), file);
    const { steps } = jobs[`${name}production`];

    expect(looksIf(jobs[`${name}production`])).toBe(TAG);
    expect(looksIf(jobs[`${name}staging`])).toBeUndefined();
    expect(steps.slice(0, 3).map(step => step.name)).toEqual([
      'Check out',
      'Check the signature of the tag',
      'Log in to AWS',
    ]);
  });
});
