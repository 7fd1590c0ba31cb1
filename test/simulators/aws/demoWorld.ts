import { createHash } from 'node:crypto';
import { NewService } from './ecs/World';
import { AwsSimulator } from './startAwsSimulator';

/** What stands in the simulated accounts in the beginning. */
export interface WorldDescription {
  services: (Omit<NewService, 'history'> & {
    /** Family of its task definitions; default: the name of the service. */
    family?: string;
    container?: string;
    /** What was deployed there, oldest first. */
    releases: { commit: string; version?: string }[];
  })[];
}

const account = '111122223333';

/** The services of sandbox-broker and ngx-voice as their pipelines have them. */
export const demoWorld: WorldDescription = {
  services: [
    {
      region: 'eu-central-1',
      account,
      cluster: 'sandbox-broker-cluster',
      name: 'sandbox-broker-api',
      circuitBreaker: { enable: true, rollback: true },
      releases: releasesOf('sandbox-broker', 6),
    },
    {
      region: 'us-east-1',
      account,
      cluster: 'ngx-staging',
      name: 'ngx-voice-agent-staging',
      container: 'ngx-voice-agent',
      releases: releasesOf('ngx-voice', 8),
    },
    {
      region: 'us-east-1',
      account,
      cluster: 'ngx-production',
      name: 'ngx-voice-agent-production',
      container: 'ngx-voice-agent',
      strategy: 'BLUE_GREEN',
      bakeTimeInMinutes: 15,
      circuitBreaker: { enable: true, rollback: true },
      releases: releasesOf('ngx-voice', 7),
    },
  ],
};

export function fillWorld(
  simulator: AwsSimulator,
  world: WorldDescription,
): void {
  for (const {
    releases,
    family: given,
    container,
    ...service
  } of world.services) {
    const family = given ?? service.name;
    const history = releases.map(({ commit, version }) =>
      simulator.register(service, {
        family,
        networkMode: 'awsvpc',
        requiresCompatibilities: ['FARGATE'],
        cpu: '256',
        memory: '512',
        containerDefinitions: [
          {
            name: container ?? family,
            image: `registry.example.test/${family}:${commit}`,
            essential: true,
            portMappings: [{ containerPort: 8000, protocol: 'tcp' }],
            environment: [{ name: 'GIT_SHA', value: commit }],
            ...(version && {
              dockerLabels: { 'org.opencontainers.image.version': version },
            }),
            logConfiguration: {
              logDriver: 'awslogs',
              options: {
                'awslogs-group': `/ecs/${family}`,
                'awslogs-region': service.region,
                'awslogs-stream-prefix': 'ecs',
              },
            },
          },
        ],
      }),
    );
    simulator.addService({ ...service, history });
  }
}

/** Made-up commits, the same at each start. */
function releasesOf(name: string, count: number) {
  return Array.from({ length: count }, (_, index) => ({
    commit: createHash('sha1').update(`${name} ${index}`).digest('hex'),
    version: `1.${index}.0`,
  }));
}
