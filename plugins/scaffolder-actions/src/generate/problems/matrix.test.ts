import { parse } from 'yaml';
import { generate, specOf } from '../__testUtils__/generating';
import { planPipeline } from '../plan';

interface Leg {
  key: string;
  setting?: string;
  target?: string;
  image?: string;
  test?: string;
  matrix?: string;
  more?: string;
}

/** Services that one job brings to Container Apps. */
function legs(...all: Leg[]): string {
  return `apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata: { name: shop }
spec:
  repository: example-org/shop
  pipeline: {}
  environments: [{ name: production, tier: production }]
  services:
${all
  .map(
    ({
      key,
      setting = 'NAME: same',
      target = '',
      image = 'dockerfile: Dockerfile',
      test = '',
      matrix = `, matrix: { part: ${key} }`,
      more = '',
    }) => `    shop-${key}:
      paths: [src/**]
      image: { ${image} }
      ${test}
      environments:
        production:
          url: https://${key}.example.test
          target: { type: azure-container-app, resourceGroup: Shop, name: shop-${key}, image: registry.example.test/shop ${target} }
          deploy: { environment: { ${setting} } }
          jobs: [{ workflow: deploy.yml, job: deploy ${matrix} }]
          ${more}`,
  )
  .join('\n')}
`;
}

function messagesOf(text: string): string {
  const planned = planPipeline(specOf(text));
  return 'problems' in planned
    ? planned.problems
        .map(({ path, message }) => `${path.join('.')}: ${message}`)
        .join('\n')
    : '';
}

function jobsOf(text: string) {
  const file = generate(text).find(({ path }) => path.endsWith('deploy.yml'));
  return parse(file?.content ?? '').jobs;
}

/** The step that deploys. */
function deployStep({ steps }: { steps: Record<string, unknown>[] }) {
  return steps.find(({ name }) => name === 'Deploy') ?? {};
}

const a = { key: 'a' };
const b = { key: 'b' };

describe('a job with a matrix', () => {
  it('has a column for whatever differs, each of its own', () => {
    const { deploy } = jobsOf(
      legs(
        {
          ...a,
          setting: 'APP: x, URL: y, SERVICE: z, PART: p, NAME: same',
          target: ', maxReplicas: 2',
        },
        {
          ...b,
          setting: 'APP: x2, URL: y2, SERVICE: z2, PART: p2, NAME: same',
          target: ', maxReplicas: 9, minReplicas: 1',
        },
      ).replace('Shop, name: shop-b', 'Other, name: shop-b'),
    );
    const [first, second] = deploy.strategy.matrix.include;

    expect(first).toMatchObject({
      part: 'a',
      service: 'shop-a',
      app: 'shop-a',
      url: 'https://a.example.test',
      'app-2': 'x',
      'url-2': 'y',
      'service-2': 'z',
      'part-2': 'p',
      'resource-group': 'Shop',
      'max-replicas': '2',
      'min-replicas': '',
    });
    expect(second).toMatchObject({
      app: 'shop-b',
      'app-2': 'x2',
      'resource-group': 'Other',
      'max-replicas': '9',
      'min-replicas': '1',
    });
    expect(deployStep(deploy).env).toMatchObject({
      APP: '${{ matrix.app }}',
      RESOURCE_GROUP: '${{ matrix.resource-group }}',
      SETTING_APP: '${{ matrix.app-2 }}',
      SETTING_NAME: 'same',
    });
  });

  it('has each leg look for itself, as long as that may take, besides the common look', () => {
    const jobs = jobsOf(
      legs(a, { ...b, more: 'verify: { attempts: 60, seconds: 5 }' }),
    );

    expect(
      jobs.deploy.strategy.matrix.include.map((leg: Record<string, string>) => [
        leg['verify-url'],
        leg['verify-attempts'],
      ]),
    ).toEqual([
      ['https://a.example.test/healthz', '12'],
      ['https://b.example.test/healthz', '60'],
    ]);
    expect(deployStep(jobs.deploy).env).toMatchObject({
      VERIFY_URL: '${{ matrix.verify-url }}',
      VERIFY_STATUSES: '200',
    });
    // 60 times 5 seconds and 10 for the answer, both ways.
    expect(jobs.deploy['timeout-minutes']).toBe(5 + 2 * (12 + 15));
    expect(jobs['verify-deploy']['timeout-minutes']).toBe(1 + 3 + 15);
  });

  it.each<[string, Leg, Leg]>([
    [
      'shop-a.environments.production.deploy.environment.SEED: the legs of deploy get "SEED" from different places',
      { ...a, setting: 'SEED: { secret: SEED_A }' },
      { ...b, setting: 'SEED: { secret: SEED_B }' },
    ],
    [
      'get "SEED" from different places',
      { ...a, setting: 'SEED: text' },
      { ...b, setting: 'SEED: { variable: SEED_B }' },
    ],
    [
      'not for shop-a',
      { ...a, setting: 'NAME: same' },
      { ...b, setting: 'NAME: same, MORE: x' },
    ],
    [
      'not for shop-b',
      { ...a, setting: 'NAME: same, MORE: x' },
      { ...b, setting: 'NAME: same' },
    ],
    [
      'builds one image, and those of shop-a and shop-b differ',
      a,
      { ...b, image: 'dockerfile: Dockerfile, timeoutMinutes: 5' },
    ],
    [
      'have different tests',
      { ...a, test: "test: { language: python, version: '3.11' }" },
      { ...b, test: "test: { language: python, version: '3.12' }" },
    ],
    [
      'no value of "matrix" tells them apart',
      { ...a, matrix: '' },
      { ...b, matrix: '' },
    ],
    [
      'different names in "matrix"',
      a,
      { ...b, matrix: ', matrix: { place: b }' },
    ],
    [
      'has a column "URL" by itself',
      { ...a, matrix: ', matrix: { URL: a }' },
      { ...b, matrix: ', matrix: { URL: b }' },
    ],
  ])('is refused if it %s', (message, first, second) => {
    expect(messagesOf(legs(first, second))).toContain(message);
  });

  it('gets what is the same for all from where it is, secrets included', () => {
    const setting = 'SEED: { secret: SEED }, PLACE: { variable: PLACE }';

    expect(
      deployStep(jobsOf(legs({ ...a, setting }, { ...b, setting })).deploy).env,
    ).toMatchObject({
      SECRET_SEED: '${{ secrets.SEED }}',
      SETTING_PLACE: '${{ vars.PLACE }}',
    });
  });
});

describe('jobs with a matrix in two environments', () => {
  const twice = (staging: string) =>
    legs(a, b)
      .replace(
        'environments: [{',
        'environments: [{ name: staging, tier: staging }, {',
      )
      .replace(
        /^( +)production:\n +url.*\n( +target.*)name: (.*), image: .*$/gm,
        (whole, indent, target, name) =>
          `${indent}staging:\n${target}name: ${name}-s, image: ${staging} }\n${indent}  jobs: [{ workflow: deploy.yml, job: deploy-s, matrix: { part: ${name} } }]\n${whole}`,
      );

  it('have one image, built once', () => {
    const jobs = jobsOf(twice('registry.example.test/shop'));
    const reference =
      'registry.example.test/shop:${{ github.sha }}@${{ needs.build-shop-image.outputs.digest }}';

    for (const job of ['deploy-s', 'deploy']) {
      expect(jobs[job].needs).toContain('build-shop-image');
      expect(deployStep(jobs[job]).env).toMatchObject({ IMAGE: reference });
    }
    expect(jobs['build-shop-image'].outputs.digest).toBe(
      '${{ steps.named.outputs.digest }}',
    );
  });

  it('are refused where it has two names', () => {
    expect(messagesOf(twice('staging.example.test/shop'))).toBe(
      'spec.services.shop-a.environments.production.target.image: the job build-shop-image builds one image, which is staging.example.test/shop in staging and registry.example.test/shop in production',
    );
  });
});

describe('services that are tested as one', () => {
  it('are refused where one of them has other tests, or in another directory', () => {
    const test = "test: { language: python, version: '3.12' }";
    const text = legs({ ...a, test }, { ...b, test });

    expect(messagesOf(text)).toBe('');
    expect(messagesOf(text.replace('paths: [src/**]', 'paths: [a/**]'))).toBe(
      'spec.services.shop-b.test: shop-a and shop-b come together somewhere, so test-shop tests them as one, and their tests are not the same or lie in different directories',
    );
  });

  it.each([
    [50, 95],
    [95, 50],
  ])('have to pass the gates of all of them: %d and %d', (first, second) => {
    const test = (minimum: number) =>
      `test: { language: python, version: '3.12' }\n      gates: { c: { coverage: lines, minimum: ${minimum} } }`;
    const { steps } = jobsOf(
      legs({ ...a, test: test(first) }, { ...b, test: test(second) }),
    )['test-shop'];

    expect(
      steps.find(({ name }: { name: string }) => name === 'Test').run,
    ).toContain('--cov-fail-under=95');
  });

  it('have to have an image as small as any of them asks', () => {
    const test = (megabytes: number) =>
      `gates: { c: { performance: image.size, unit: MB, maximum: ${megabytes} } }`;
    const { steps } = jobsOf(
      legs({ ...a, test: test(500) }, { ...b, test: test(200) }).replace(
        'pipeline: {}',
        'pipeline: { safetyLevel: 5 }',
      ),
    )['build-shop'];

    expect(
      steps.find(({ name }: { name: string }) => name === 'Measure the image')
        .env.MAXIMUM_BYTES,
    ).toBe('200000000');
  });
});

describe('a job of one service', () => {
  it('reports tests of pull requests but for those of forks, which get no token', () => {
    const [own, shared] = ['{}', '{ pullRequests: true }'].map(pipeline => {
      const text = legs({
        ...a,
        matrix: '',
        test: "entity: component:default/shop\n      test: { language: python, version: '3.12' }",
      }).replace(
        'pipeline: {}',
        `pipeline: ${pipeline.replace(
          '}',
          `${
            pipeline === '{}' ? '' : ','
          } portal: https://portal.example.test }`,
        )}`,
      );
      return jobsOf(text)['test-shop-a-report'].if;
    });

    const ran =
      "!cancelled() && (needs.test-shop-a.result == 'success' || needs.test-shop-a.result == 'failure')";
    expect(own).toBe(ran);
    expect(shared).toBe(
      `${ran} && (github.event_name != 'pull_request' || github.event.pull_request.head.repo.full_name == github.repository)`,
    );
  });
});
