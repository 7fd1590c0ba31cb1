import { ConfigReader } from '@backstage/config';
import { serviceMapping } from '../__testUtils__/facts';
import { defineService } from './defineService';
import { guessTier } from './guessTier';
import { parseJobsAnnotation } from './jobsAnnotation';
import { mapDeployment } from './mapDeployment';
import { mapJob } from './mapJob';
import { readMappingRules } from './mappingRules';
import { JobIdentity, JobSelector, ServiceMapping } from './types';

function mapping(
  selector: Partial<JobSelector>,
  environment = 'production',
): ServiceMapping {
  return {
    serviceId: 'id',
    serviceKey: 'verifier',
    environments: [
      {
        name: environment,
        selectors: [[{ job: 'deploy', commit: 'run', ...selector }]],
      },
    ],
  };
}

const job: JobIdentity = {
  name: 'deploy',
  workflowPath: '.github/workflows/deploy.yml',
  workflowName: 'Build and Deploy',
  ref: 'main',
};

describe('mapJob', () => {
  it.each<[string, Partial<JobSelector>, Partial<JobIdentity>, boolean]>([
    ['its name', {}, {}, true],
    ['another name', { job: 'test' }, {}, false],
    ['a name that only begins the same', { job: 'dep' }, {}, false],
    ['a wildcard', { job: 'dep*' }, {}, true],
    ['dots taken as they are', { job: 'd.ploy' }, {}, false],
    ['the file of the workflow', { workflow: 'deploy.yml' }, {}, true],
    ['the name of the workflow', { workflow: 'Build and Deploy' }, {}, true],
    ['another file', { workflow: 'ci.yml' }, {}, false],
    [
      'a file while the run is not known',
      { workflow: 'ci.yml' },
      { workflowPath: undefined, workflowName: undefined },
      true,
    ],
    ['a branch', { branches: ['main', 'release/*'] }, {}, true],
    [
      'a glob of branches',
      { branches: ['release/*'] },
      { ref: 'release/1' },
      true,
    ],
    ['another branch', { branches: ['develop'] }, {}, false],
    ['no branch known', { branches: ['main'] }, { ref: undefined }, false],
    [
      'a value of its matrix',
      { matrixValues: ['wan'] },
      { name: 'deploy (wan, 5642)' },
      true,
    ],
    [
      'another value of its matrix',
      { matrixValues: ['wil'] },
      { name: 'deploy (wan, 5642)' },
      false,
    ],
    [
      'a value that only contains it',
      { matrixValues: ['wan'] },
      { name: 'deploy (wan2)' },
      false,
    ],
    ['any value of its matrix', {}, { name: 'deploy (wan)' }, true],
    [
      'a job of a called workflow',
      { job: 'call / deploy' },
      { name: 'call / deploy' },
      true,
    ],
  ])('by %s', (_case, selector, identity, matches) => {
    const targets = mapJob({ ...job, ...identity }, [mapping(selector)]);

    expect(targets).toHaveLength(matches ? 1 : 0);
  });

  it('does not guess between workflows when the run is not known', () => {
    const service = mapping({});
    service.environments[0].selectors = [
      [
        { workflow: 'a.yml', job: 'deploy', commit: 'run' },
        { workflow: 'b.yml', job: 'deploy', commit: 'triggering-run' },
      ],
    ];

    expect(mapJob({ name: 'deploy' }, [service])).toEqual([]);
    expect(
      mapJob({ name: 'deploy', workflowPath: '.github/workflows/b.yml' }, [
        service,
      ]),
    ).toEqual([
      { serviceId: 'id', environment: 'production', commit: 'triggering-run' },
    ]);
  });

  it('may deploy several services', () => {
    const services = [
      serviceMapping('verifier', 'deploy-all'),
      serviceMapping('issuer', 'deploy-all'),
    ];

    expect(
      mapJob({ ...job, name: 'deploy-all' }, services).map(
        target => target.serviceId,
      ),
    ).toEqual(['id-of-verifier', 'id-of-issuer']);
  });
});

describe('mapDeployment', () => {
  const verifier = serviceMapping('verifier');
  const issuer = serviceMapping('issuer');

  it.each([
    [
      'the only service',
      'anywhere',
      undefined,
      [verifier],
      'verifier:anywhere',
    ],
    [
      'the key it names',
      'production',
      'issuer',
      [verifier, issuer],
      'issuer:production',
    ],
    [
      'a key in front',
      'issuer-production',
      undefined,
      [verifier, issuer],
      'issuer:production',
    ],
    [
      'a key behind',
      'production/issuer',
      undefined,
      [verifier, issuer],
      'issuer:production',
    ],
    ['nothing', 'production', undefined, [verifier, issuer], undefined],
    ['a key nobody has', 'production', 'pbx', [verifier, issuer], undefined],
  ])('by %s', (_case, environment, serviceKey, services, expected) => {
    const [target] = mapDeployment({ environment, serviceKey }, [], services);

    expect(
      target &&
        `${target.serviceId.slice('id-of-'.length)}:${target.environment}`,
    ).toBe(expected);
  });

  it.each([
    ['production', 'production'],
    ['verifier-production', 'production'],
    ['somewhere', 'mapped'],
  ])(
    'takes %s of a mapped job to the environment %s',
    (environment, expected) => {
      const [target] = mapDeployment(
        { environment },
        [
          {
            serviceId: verifier.serviceId,
            environment: 'mapped',
            commit: 'run',
          },
        ],
        [verifier, issuer],
      );

      expect(target.environment).toBe(expected);
    },
  );
});

describe('defineService', () => {
  const base = {
    serviceId: 'id',
    serviceKey: 'verifier',
    repository: 'example-org/vvp',
    annotations: {},
    rules: [],
  };

  it('trusts deploy.yaml before annotations, and those before rules', () => {
    const { mapping: mapped, environments } = defineService({
      ...base,
      annotations: {
        'deploy.vvp.io/jobs': 'production=annotated,staging=annotated-staging',
        'deploy.vvp.io/workflow': 'deploy.yml',
      },
      spec: {
        key: 'verifier',
        paths: [],
        sharedPaths: [],
        environments: [
          {
            name: 'production',
            tier: 'production',
            order: 0,
            jobs: [
              { workflow: 'deploy.yml', job: 'same', commit: 'triggering-run' },
            ],
          },
        ],
      },
      rules: [
        {
          repository: 'example-org/*',
          job: 'same',
          environment: 'production',
        },
      ],
    });

    expect(environments.map(one => one.name)).toEqual([
      'production',
      'staging',
    ]);
    expect(mapJob({ ...job, name: 'same' }, [mapped])[0].commit).toBe(
      'triggering-run',
    );
    expect(mapJob({ ...job, name: 'annotated' }, [mapped])).toHaveLength(1);
  });

  it('lets a rule of app-config map what nobody else does', () => {
    const rules = readMappingRules(
      new ConfigReader({
        deploy: {
          rules: [
            {
              repository: 'Example-Org/*',
              workflow: 'release.yml',
              job: 'ship',
              environment: 'live',
            },
          ],
        },
      }),
    );
    const { mapping: mapped } = defineService({ ...base, rules });
    const { mapping: other } = defineService({
      ...base,
      repository: 'someone/else',
      rules,
    });
    const ship = {
      name: 'ship',
      workflowPath: '.github/workflows/release.yml',
    };

    expect(mapJob(ship, [mapped])[0].environment).toBe('live');
    expect(mapJob(ship, [other])).toEqual([]);
  });

  it('refuses a rule of an unknown tier', () => {
    const config = new ConfigReader({
      deploy: { rules: [{ job: 'ship', environment: 'live', tier: 'moon' }] },
    });

    expect(() => readMappingRules(config)).toThrow(
      /deploy\.rules: tier "moon"/,
    );
  });
});

describe('parseJobsAnnotation', () => {
  it('reads environments in order', () => {
    expect(
      parseJobsAnnotation(' staging = deploy staging , production=deploy (x) '),
    ).toEqual([
      { environment: 'staging', job: 'deploy staging' },
      { environment: 'production', job: 'deploy (x)' },
    ]);
  });

  it.each(['deploy', '=deploy', 'production=', 'a b=c', '../x=deploy'])(
    'refuses %s and shows the right form',
    value => {
      expect(() => parseJobsAnnotation(value)).toThrow(
        /production=deploy-verifier/,
      );
    },
  );
});

describe('guessTier', () => {
  it.each([
    ['production', 'production'],
    ['PROD', 'production'],
    ['prod-eu', 'production'],
    ['verifier-live', 'production'],
    ['staging', 'staging'],
    ['pre-prod', 'staging'],
    ['uat', 'staging'],
    ['pr-123', 'preview'],
    ['preview/branch', 'preview'],
    ['reproduction', 'development'],
    ['dev', 'development'],
  ])('takes %s for %s', (name, tier) => {
    expect(guessTier(name)).toBe(tier);
  });
});
