import fc from 'fast-check';
import { WorkflowFile } from '../lint';
import { importing } from './__testUtils__/importing';
import {
  differencesOf,
  generatedOf,
  NOTHING,
  specOf,
  specText,
} from './__testUtils__/roundTrip';

type Change = readonly [RegExp | string, string];

function changed(name: string, changes: readonly Change[]): string {
  return changes.reduce((text, [from, to]) => {
    const next =
      typeof from === 'string'
        ? text.replaceAll(from, to)
        : text.replace(from, to);
    if (next === text) {
      throw new Error(`There is no ${from} in ${name}.`);
    }
    return next;
  }, specText(name));
}

function roundTrip(text: string) {
  const spec = specOf(text);
  return differencesOf(
    spec,
    importing(generatedOf(text), { repository: spec.repository }),
  );
}

/** Other values of every kind in each spec. */
const OTHERS: readonly (readonly [string, readonly Change[]])[] = [
  [
    'ngx-voice',
    [
      ['ngx-voice-agent', 'speech-gateway'],
      ['component:default/speech-gateway', 'component:voice/talking'],
      [
        'branches: [main]\n    after',
        'branches: [trunk, release/**]\n    after',
      ],
      ['branches: &branches [main, develop]', 'branches: &branches [next]'],
      [/cd\.yml/g, 'delivery.yml'],
      [/(?<![-\w])ci\.yml/g, 'checks.yml'],
      ['title: CI\n', 'title: All Checks\n'],
      ["'0 2 * * *'", "'30 4 * * 1-5'"],
      ["'0 5 * * 0', days: 30", "'15 1 1 * *', days: 90"],
      ['SLACK_WEBHOOK_URL', 'CHAT_HOOK'],
      ['manual-deploy.yml', 'by-hand.yml'],
      ['Deploy to staging', 'Bring to uat'],
      [/(?<!tier: )staging/g, 'uat'],
      [
        'watch: { minutes: 15 }',
        'watch: { minutes: 7, seconds: 20, failures: 5 }',
      ],
      [
        'verify: { path: /health }',
        'verify: { path: /ready, statuses: [200, 204] }',
      ],
      ['us-east-1', 'ap-southeast-2'],
      ['[version, branch]', '[version-commit, latest]'],
      [
        'scan: { severity: critical }',
        'scan: { severity: medium, ignoreUnfixed: true }',
      ],
      ["{ python: '3.11' }", "{ python: '3.13', node: '22' }"],
      ['--cov-fail-under 80', '--cov-fail-under 91 -k "not slow"'],
      [
        'matrix: { platform: [amd64, arm64] }',
        'matrix: { platform: [amd64, riscv64], kind: [slim, full] }',
      ],
      ['artifactDays: 30', 'artifactDays: 21'],
      ['suite: baseline', 'suite: memory'],
      ['needs: integration', 'needs: unit'],
      [
        'type: dependencies, severity: high',
        'type: secrets, licence: LEAKS_LICENCE',
      ],
    ],
  ],
  [
    'phoenix-orchestrator',
    [
      ['orchestrator-service-rs', 'planner'],
      ['component:default/phoenix-frontend', 'component:default/web'],
      [/(?<!tier: )staging/g, 'uat'],
      ['specific_service', 'only_service'],
      ["tags: ['v*']", "tags: ['release-*']"],
      ['        signedTags: true\n', ''],
      [
        'branches: [main]\n    serviceInput',
        'branches: [trunk]\n    serviceInput',
      ],
      [/--fail-under 85/g, '--fail-under 77'],
      [/minimum: 85/g, 'minimum: 77'],
      ["'1.89'", "'1.91'"],
      ['percent: 10, minutes: 5', 'percent: 25, minutes: 12'],
      [
        'maximum: 1.5',
        'maximum: 2.25\n              token: { secret: METRICS_TOKEN }',
      ],
      ['0 3 * * *', '45 2 * * 6'],
      ['modeInput: scenario', 'modeInput: what'],
      ['mode: user-journey', 'mode: checkout'],
      ['tag: production', 'tag: stable'],
      ['languages: [rust]', 'languages: [python]'],
      ['severity: medium', 'severity: low'],
      [
        'before: [uat, production]',
        'before: [production]\n      services: [data-router-rs, frontend]',
      ],
      [
        'compose: [docker-compose.yml]',
        'compose: [compose.yml, compose.ci.yml]',
      ],
      ["k6: '1.2.1'", "k6: '1.3.0'"],
      [
        'failureIssue: { labels: [deployment] }',
        'failureIssue: {}\n    cleanup: { days: 60, keep: 4 }',
      ],
      ['eu-central-1', 'us-west-2'],
      ['k8s/00-namespace.yml, ', ''],
      [
        'manifests: [k8s/production]',
        "kubectl: '1.33.0'\n          manifests: [k8s/production]",
      ],
      ['        sign: true\n', ''],
      [
        / {6}services: \[planner\]/,
        '      services: [planner, llm-service-rs]',
      ],
    ],
  ],
  [
    'edenco',
    [
      [/(?<![A-Z_])backend/g, 'api'],
      ['name: edenco', 'name: academy'],
      ['BACKEND_IMAGE', 'API_IMAGE'],
      ['feature/**', 'topic/**'],
      ['    pullRequests: true\n', ''],
      [/(?<!tier: )staging/g, 'uat'],
      ['healthSeconds: 120', 'healthSeconds: 45'],
      ['tags: [tag:ci]', 'tags: [tag:ci, tag:deploys]'],
      ['&host { secret: SERVER_HOST }', '&host { variable: MACHINE }'],
      ['&user { secret: SERVER_USER }', '&user deployer'],
      ['releaseInput: commit', 'releaseInput: release'],
      ['attempts: 12, seconds: 5', 'attempts: 30, seconds: 2'],
      ['compose.production.yml', 'deployments/production.yml'],
      ["version: '16'", "version: '17'"],
      ['timeoutMinutes: 45', 'timeoutMinutes: 33'],
      ['[black, isort, flake8]', '[ruff]'],
      [
        '[black --check ., isort --check-only ., flake8]',
        '[ruff check ., ruff format --check .]',
      ],
      ['artifacts: [playwright-report, results]', 'artifacts: [traces]'],
      ['failureIssue: { labels: [bug] }', 'failureMessage: { slack: CHAT }'],
      ['deploy-release.yml', 'bring-back.yml'],
      [
        'language: none\n      after',
        'language: none\n      issue: { title: End to end failed }\n      after',
      ],
    ],
  ],
];

/** Changes of generated files, and what places of the spec are then; undefined for what is gone. */
const BY_HAND: readonly (readonly [
  string,
  readonly Change[],
  Readonly<Record<string, unknown>>,
])[] = [
  [
    'ngx-voice',
    [
      ['--cov-fail-under 80', '--cov-fail-under 85 --maxfail 3'],
      [
        '      - name: Run mypy src\n',
        '      - run: ruff check src\n      - name: Run mypy src\n',
      ],
      ['- cron: 0 5 * * 0', '- cron: 0 6 1 * *'],
      ['WATCH_FAILURES: "3"', 'WATCH_FAILURES: "8"'],
      [/ {6}- name: Tell the chat\n[\s\S]*tell-chat\.sh\n/, ''],
      [/ {2}daily-code-issue:\n[\s\S]*?open-issue\.sh\n/, ''],
    ],
    {
      'tests.unit.commands.1':
        'pytest tests/unit --junitxml test-report.xml --cov src --cov-report xml --cov-fail-under 85 --maxfail 3',
      'tests.code-quality.commands.5': 'ruff check src',
      'tests.daily-code.issue': undefined,
      'pipeline.cleanup': { schedule: '0 6 1 * *', days: 30 },
      'pipeline.failureMessage': undefined,
      'services.0.environments.1.deploy.watch': { minutes: 15, failures: 8 },
    },
  ],
  [
    'phoenix-orchestrator',
    [
      [
        / {6}- name: Check the signature of the tag\n[\s\S]*?verify-tag\.sh\n/,
        '',
      ],
      [/ {10}METRIC_\w+: .*\n/g, ''],
      [
        /(SARIF_REPORTS: dependencies\.sarif\n\s+SEVERITIES: critical)/,
        '$1 high',
      ],
      ["inputs.scenario == 'stress'", "inputs.scenario == 'peak'"],
    ],
    {
      'environments.2.stage.signedTags': undefined,
      'environments.2.stage.tags': ['v*'],
      'services.2.environments.2.deploy.metric': undefined,
      'tests.dependencies.scan': { type: 'dependencies', severity: 'high' },
      'tests.benchmark-stress.mode': 'peak',
    },
  ],
  [
    'edenco',
    [
      ['config.settings.staging', 'config.settings.demo'],
      [/ {6}- name: Join the private network\n[\s\S]*?(?= {6}- name)/g, ''],
      ["inputs.environment == 'staging'", "inputs.environment == 'demo'"],
      [
        " && github.ref == 'refs/heads/main' && needs.deploy-staging.result",
        ' && needs.deploy-staging.result',
      ],
    ],
    {
      'environments.0.stage.compose.environmentFiles': expect.objectContaining({
        '.env.staging': { DJANGO_SETTINGS_MODULE: 'config.settings.demo' },
      }),
      'environments.0.stage.compose.tailscale': undefined,
      'environments.1.stage.branches': undefined,
      'services.0.environments.0.target.inputs': {
        environment: 'demo',
        service: 'backend',
      },
    },
  ],
];

function changedFiles(
  files: readonly WorkflowFile[],
  changes: readonly Change[],
): WorkflowFile[] {
  const made = files.map(({ file, text }) => ({
    file,
    text: changes.reduce((all, [from, to]) => all.replace(from, to), text),
  }));
  if (made.every(({ text }, index) => text === files[index].text)) {
    throw new Error('Nothing was changed.');
  }
  return made;
}

function at(value: unknown, place: string): unknown {
  return place
    .split('.')
    .reduce<unknown>(
      (found, key) => (found as Record<string, unknown> | undefined)?.[key],
      value,
    );
}

describe('an import of generated workflows', () => {
  it.each(OTHERS)('gives other values of %s back', (name, changes) => {
    expect(roundTrip(changed(name, changes))).toEqual(NOTHING);
  });

  it.each(BY_HAND)(
    'takes over what was changed by hand in %s',
    (name, changes, places) => {
      const { spec } = importing(
        changedFiles(generatedOf(specText(name)), changes),
      );
      const got = Object.fromEntries(
        Object.keys(places).map(place => [place, at(spec, place)]),
      );

      expect(got).toEqual(places);
    },
  );

  it('says nothing of a workflow that is not there', () => {
    const files = generatedOf(specText('ngx-voice')).filter(
      ({ file }) => !['cleanup.yml', 'manual-deploy.yml'].includes(file),
    );
    const { spec } = importing(files);

    expect(spec.pipeline).not.toHaveProperty('cleanup');
    expect(spec.pipeline).not.toHaveProperty('manual');
    expect(spec.services[0].environments[0].jobs).toHaveLength(1);
  });

  it('names what a workflow waits for that is not imported', () => {
    const files = generatedOf(specText('ngx-voice')).filter(
      ({ file }) => file === 'cd.yml',
    );
    const { spec, report } = importing(files);

    expect(spec.pipeline).not.toHaveProperty('after');
    expect(report.items).toContainEqual(
      expect.objectContaining({
        disposition: 'unsupported',
        message: 'no workflow that is imported is called "CI"',
      }),
    );
  });

  it('gives any names, numbers and commands back', () => {
    const word = fc.stringMatching(/^[a-z]{3,8}$/).map(text => `x${text}`);
    const command = fc
      .array(fc.stringMatching(/^(--)?[a-z][a-z0-9./=:-]{0,12}$/), {
        minLength: 1,
        maxLength: 6,
      })
      .map(words => `check ${words.join(' ')} "a b" 'c' | tee "$HOME/log"`);
    fc.assert(
      fc.property(
        fc.record({
          service: word,
          suite: word,
          command,
          minutes: fc
            .integer({ min: 1, max: 60 })
            .filter(minutes => minutes !== 15),
          days: fc
            .integer({ min: 1, max: 90 })
            .filter(days => days !== 7 && days !== 30),
          cron: fc
            .tuple(fc.nat(59), fc.nat(23), fc.nat(6))
            .map(([minute, hour, day]) => `${minute} ${hour} * * ${day}`),
        }),
        ({ service, suite, command: run, minutes, days, cron }) => {
          const text = changed('ngx-voice', [
            ['ngx-voice-agent', service],
            ['suite: baseline', `suite: ${suite}`],
            ['flake8 src tests', JSON.stringify(run)],
            ['watch: { minutes: 15 }', `watch: { minutes: ${minutes} }`],
            ['artifactDays: 30', `artifactDays: ${days}`],
            ["'0 2 * * *'", `'${cron}'`],
          ]);

          expect(roundTrip(text)).toEqual(NOTHING);
        },
      ),
      { numRuns: 6 },
    );
  });
});
