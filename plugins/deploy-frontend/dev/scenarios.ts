import {
  Deployment,
  deploymentStatuses,
  EnvironmentOverview,
  ServiceOverview,
  ServiceSummary,
} from '@vvp/backstage-plugin-deploy-common';
import {
  minutesAgo,
  sampleCommit,
  sampleDeployment,
  sampleEnvironment,
  sampleService,
} from '../src/__testUtils__/samples';

const hour = 60;
const day = 24 * hour;

function development(part: Partial<EnvironmentOverview> = {}) {
  return sampleEnvironment({
    name: 'development',
    tier: 'development',
    order: 0,
    url: 'https://vvp-verifier-dev.example.test',
    currentDeployment: sampleDeployment({
      environment: 'development',
      commit: '9f8e7d6',
      minutesAgo: 12,
      durationSeconds: 96,
      title: 'Refuse expired certificates in the chain (#412)',
    }),
    ...part,
  });
}

function staging(part: Partial<EnvironmentOverview> = {}) {
  return sampleEnvironment({
    name: 'staging',
    tier: 'staging',
    order: 1,
    url: 'https://vvp-verifier-staging.example.test',
    currentDeployment: sampleDeployment({
      environment: 'staging',
      commit: '9f8e7d6',
      minutesAgo: 9,
      title: 'Refuse expired certificates in the chain (#412)',
    }),
    ...part,
  });
}

function production(part: Partial<EnvironmentOverview> = {}) {
  return sampleEnvironment({
    order: 2,
    url: 'https://vvp-verifier.example.test',
    currentDeployment: sampleDeployment({
      release: {
        id: 'release-1.4.2',
        commit: sampleCommit('a1b2c3d'),
        version: 'v1.4.2',
      },
      minutesAgo: 3 * day,
      actor: 'omar',
      title: 'Read the witness list from configuration (#398)',
    }),
    ...part,
  });
}

/** What each service of the gallery answers; the name of the service is the key. */
export const overviews: Record<string, ServiceOverview> = {
  normal: sampleService({
    environments: [development(), staging(), production({ enforced: false })],
  }),
  'in-flight': sampleService({
    environments: [
      development({
        latestDeployment: sampleDeployment({
          environment: 'development',
          status: 'queued',
          commit: '77aa88b',
          minutesAgo: 1,
        }),
      }),
      staging({
        latestDeployment: sampleDeployment({
          environment: 'staging',
          status: 'in_progress',
          commit: '77aa88b',
          minutesAgo: 3,
        }),
      }),
      production({
        latestDeployment: sampleDeployment({
          status: 'waiting',
          commit: '9f8e7d6',
          minutesAgo: 41,
        }),
      }),
    ],
  }),
  failed: sampleService({
    environments: [
      development({
        latestDeployment: sampleDeployment({
          environment: 'development',
          status: 'errored',
          commit: '5e5e5e5',
          minutesAgo: 33,
        }),
      }),
      staging({
        currentDeployment: undefined,
        latestDeployment: sampleDeployment({
          environment: 'staging',
          status: 'cancelled',
          commit: '5e5e5e5',
          minutesAgo: 2 * hour,
        }),
      }),
      production({
        latestDeployment: sampleDeployment({
          status: 'failed',
          commit: '9f8e7d6',
          minutesAgo: 2 * hour,
          actor: 'omar',
        }),
      }),
    ],
  }),
  'spec-problem': sampleService({
    specProblem: {
      message: [
        'deploy.yaml:12:7 unknown key "enviroments". Did you mean "environments"?',
        'deploy.yaml:31:9 the environment "prod" is not declared. Add it under spec.environments or use "production".',
      ].join('\n'),
      url: 'https://github.example.test/example-org/vvp/blob/main/deploy.yaml',
      line: 12,
      since: minutesAgo(50),
      lastGoodCommit: sampleCommit('a1b2c3d'),
    },
    environments: [development(), production()],
  }),
  'spec-problem-first': sampleService({
    specProblem: {
      message: 'deploy.yaml:1:1 the file is empty. Describe a pipeline in it.',
      url: 'https://github.example.test/example-org/vvp/blob/main/deploy.yaml',
      since: minutesAgo(5),
    },
    environments: [],
  }),
  'long-names': sampleService({
    environments: [
      production({
        name: 'production-eu-central-1-confidential-customers-blue',
        enforced: false,
        currentDeployment: sampleDeployment({
          environment: 'production-eu-central-1-confidential-customers-blue',
          release: {
            id: 'release-long',
            commit: sampleCommit('abcdef0'),
            version:
              'release/2026.11.21-hotfix-for-the-certificate-rotation.4+build.20261121',
            artifact:
              'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
          },
          actor: 'a-service-account-with-a-remarkably-long-login[bot]',
          title:
            'Merge pull request #1234 from example-org/feature/a-branch-name-that-nobody-could-ever-remember-and-that-does-not-break',
        }),
      }),
      staging({ name: 'pre-production-performance-and-soak-testing' }),
    ],
  }),
  many: sampleService({
    environments: [
      development(),
      staging(),
      ...[
        'wan',
        'wil',
        'wes',
        'eu',
        'us',
        'apac',
        'canary',
        'blue',
        'green',
      ].map((name, index) =>
        production({
          name: `production-${name}`,
          order: index + 2,
          enforced: index % 2 === 0,
        }),
      ),
    ],
  }),
  empty: sampleService({ environments: [] }),
};

/** A month of deployments, in every state, newest first. */
export function history(entityRef: string): Deployment[] {
  const overview = overviews[entityRef.split('/')[1]];
  const environments = overview?.environments.map(({ name }) => name) ?? [];
  return Array.from({ length: 64 }, (_unused, index) => {
    const status =
      index < deploymentStatuses.length
        ? deploymentStatuses[index]
        : 'superseded';
    const environment = environments[index % environments.length];
    return sampleDeployment({
      id: `history-${index}`,
      entityRef,
      environment,
      status,
      minutesAgo: 3 + index * 417,
      commit: (0xa1b2c3d + index * 7919).toString(16),
      actor: index % 3 === 0 ? 'omar' : 'dana',
      title: [
        'Refuse expired certificates in the chain',
        'Read the witness list from configuration',
        'Raise the timeout of the key store',
      ][index % 3],
      chain:
        index % 4 === 0
          ? [
              {
                runId: String(8_000_000 + index),
                attempt: 1,
                workflowName: 'CI',
                event: 'push',
                url: 'https://github.example.test/example-org/vvp/actions/runs/8000000',
              },
            ]
          : [],
    });
  });
}

/** Rows of the page of all services. */
export const services: ServiceSummary[] = [
  ...Object.entries(overviews).map(([name, overview], index) => ({
    entityRef: `component:default/${name}`,
    owner: index % 2 ? 'group:default/platform-team' : 'group:default/vvp-team',
    environments: overview.environments,
  })),
  ...Array.from({ length: 30 }, (_unused, index) => ({
    entityRef: `component:default/service-${index + 1}`,
    owner: 'group:default/voice-team',
    environments: [development(), production()],
  })),
];
