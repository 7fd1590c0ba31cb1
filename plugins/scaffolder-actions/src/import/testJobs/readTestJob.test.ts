import { importing } from '../__testUtils__/importing';

const PULLS = ['pull_request: { branches: [main] }'];

/** A workflow of somebody who never heard of this tool, with a job in it. */
function workflow(
  job: readonly string[],
  on: readonly string[] = PULLS,
): string {
  return [
    'name: Checks',
    'on:',
    ...on.map(line => `  ${line}`),
    'jobs:',
    '  lint:',
    '    runs-on: ubuntu-24.04',
    ...job.map(line => `    ${line}`),
  ].join('\n');
}

function testsOf(text: string) {
  const { spec, report } = importing([{ file: 'checks.yml', text }]);
  return { tests: spec.tests, items: report.items };
}

const CHECKOUT = '  - uses: actions/checkout@v4';

/** As little as there can be. */
const plain = ['steps:', CHECKOUT, '  - run: make lint'];

const LEFT = (
  [
    ['runs in a container', ['container: alpine:3.22', ...plain]],
    ['has an environment', ['environment: production', ...plain]],
    ['may write', ['permissions: { contents: write }', ...plain]],
    ['tells others something', ['outputs: { a: b }', ...plain]],
    ['runs on conditions', ["if: github.actor != 'robot'", ...plain]],
    ['goes on after failures', [...plain, '    continue-on-error: true']],
    [
      'has a script',
      [...plain, '  - run: |', '      cd web', '      make lint'],
    ],
    ['has values of the run', [...plain, '  - run: make ${{ github.actor }}']],
    [
      'has commands with secrets of their own',
      [
        ...plain,
        '  - run: ./load.sh',
        '    env: { TOKEN: "${{ secrets.LOAD_TOKEN }}" }',
      ],
    ],
    ['uses an action', [...plain, '  - uses: example-org/action@v1']],
    [
      'has another repository',
      [...plain, `${CHECKOUT}`, '    with: { path: x }'],
    ],
    [
      'skips a step',
      [...plain, '  - run: make x', "    if: github.actor == 'x'"],
    ],
    [
      'keeps what it built',
      [
        ...plain,
        '  - uses: actions/upload-artifact@v4',
        '    with: { name: dist, path: dist }',
      ],
    ],
    [
      'has a matrix of more than lists',
      ['strategy: { matrix: { include: [{ a: b }] } }', ...plain],
    ],
    ['runs for all branches', plain, ['pull_request:']],
    [
      'runs once a pull request is closed',
      plain,
      ['pull_request: { branches: [main], types: [closed] }'],
    ],
    ['runs for releases', plain, ['release: { types: [published] }']],
    [
      'changes something outside',
      ['steps:', CHECKOUT, '  - run: npm publish'],
      ['push: { branches: [main] }'],
    ],
  ] as [string, string[], string[]?][]
).map(([name, job, on = PULLS]) => [name, job, on] as const);

describe('a job that a spec has words for', () => {
  it('becomes tests by commands', () => {
    const { tests, items } = testsOf(
      workflow([
        'timeout-minutes: 10',
        'env: { LEVEL: strict }',
        'steps:',
        CHECKOUT,
        '  - uses: actions/setup-node@v4',
        '    with: { node-version: 22.x }',
        '  - run: npm ci',
        '    working-directory: web',
        '  - run: npm run lint -- --max-warnings 0',
        '    working-directory: web',
        '    env: { TOKEN: "${{ secrets.LINT_TOKEN }}" }',
      ]),
    );

    expect(tests).toEqual({
      lint: {
        workflow: 'checks.yml',
        title: 'Checks',
        on: ['pull-request'],
        language: 'typescript',
        version: '22',
        directory: 'web',
        commands: ['npm run lint -- --max-warnings 0'],
        environment: { LEVEL: 'strict', TOKEN: { secret: 'LINT_TOKEN' } },
        timeoutMinutes: 10,
      },
    });
    expect(items).toContainEqual(
      expect.objectContaining({
        job: 'lint',
        disposition: 'imported',
        keys: ['spec.tests.lint.commands'],
      }),
    );
  });

  it('may keep secrets from what installs or builds', () => {
    const install = [
      '  - run: pip install locust',
      '    env: { LEVEL: strict }',
    ];
    const { tests } = testsOf(
      workflow([
        'steps:',
        CHECKOUT,
        ...install,
        '  - run: ./load.sh',
        '    env: { LEVEL: strict, TOKEN: "${{ secrets.LOAD_TOKEN }}" }',
      ]),
    );

    expect(tests?.lint).toMatchObject({
      commands: ['pip install locust', './load.sh'],
      environment: { LEVEL: 'strict', TOKEN: { secret: 'LOAD_TOKEN' } },
    });
  });

  it.each([
    [
      'dependencies',
      ['scan-type: fs', 'format: sarif'],
      { type: 'dependencies' },
    ],
    [
      'an image',
      ['image-ref: "ghcr.io/example-org/shop:stable"', 'format: sarif'],
      { type: 'image', tag: 'stable' },
    ],
  ])('becomes a scan of %s', (_, inputs, scan) => {
    const { tests } = testsOf(
      workflow([
        'steps:',
        CHECKOUT,
        '  - uses: aquasecurity/trivy-action@0.30.0',
        `    with: { ${inputs.join(', ')} }`,
      ]),
    );

    expect(tests?.lint).toMatchObject({ language: 'none', scan });
  });
});

describe('a job that a spec has no words for', () => {
  it('is one of these, but for what is said of it', () => {
    expect(testsOf(workflow(plain)).tests).toHaveProperty('lint');
  });

  it.each(LEFT)('is left as it is if it %s', (_, job, on) => {
    const { tests, items } = testsOf(workflow(job, on));

    expect(tests).toBeUndefined();
    expect(items).toContainEqual(
      expect.objectContaining({ job: 'lint', disposition: 'unsupported' }),
    );
  });
});
