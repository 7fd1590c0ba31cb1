import { PipelineSpec, StageSpec } from '@vvp/backstage-plugin-deploy-common';
import { expressionOf, literal } from '../expressions';
import { imageExpression } from '../images/images';
import { registryOf } from '../images/registry';
import { Permissions, Step } from '../model';
import { Group, PipelinePlan, Placement } from '../planModel';
import { Circumstances } from './limits';
import { lookingMinutes, verification } from './verify';

const HEALTH_SECONDS = 120;

/** Docker compose on a machine, as an environment describes it. */
export type Compose = NonNullable<StageSpec['compose']>;

/** How an environment is deployed, if it is by docker compose. */
export function composeOf(
  { environments }: Pick<PipelineSpec, 'environments'>,
  environment: string,
): Compose | undefined {
  return environments.find(({ name }) => name === environment)?.stage?.compose;
}

/** Whether a service is one of those that docker compose runs in an environment. */
export function isComposed(
  spec: Pick<PipelineSpec, 'environments'>,
  environment: string,
  service: string,
): boolean {
  return Object.values(composeOf(spec, environment)?.images ?? {}).includes(
    service,
  );
}

/** Joins the private network that an environment is in, for whoever asks its addresses. */
export function networkSteps({ spec }: PipelinePlan, environment = ''): Step[] {
  const { tailscale } = composeOf(spec, environment) ?? {};
  return tailscale ? [joinNetwork(tailscale)] : [];
}

function joinNetwork(
  { clientId, secret, tags }: NonNullable<Compose['tailscale']>,
  host?: Compose['host'],
): Step {
  return {
    name: 'Join the private network',
    uses: 'tailscale/github-action',
    with: {
      'oauth-client-id': expressionOf(clientId),
      'oauth-secret': expressionOf(secret),
      tags: tags.join(','),
      // Until the machine is there.
      ...(host && { ping: expressionOf(host) }),
    },
  };
}

/** The private network that the machine is in. */
export function composeLogin(
  { spec }: PipelinePlan,
  { environment }: Placement,
): Step[] {
  const compose = composeOf(spec, environment.name);
  return compose?.tailscale
    ? [joinNetwork(compose.tailscale, compose.host)]
    : [];
}

/**
 * Ten minutes for the images; then in and out again, each with ten minutes until nobody else works there, the time that
 * the containers have, and the looks at the address.
 */
export function composeMinutes(
  { environment }: Placement,
  { healthSeconds = HEALTH_SECONDS }: Circumstances,
): number {
  const looks = lookingMinutes(environment);
  return 5 + 10 + 2 * (10 + Math.ceil(healthSeconds / 60) + looks);
}

/** The machine fetches images as the job: by its token, which ends with it. */
export function composePermissions(): Permissions {
  return { packages: 'read' };
}

/** Brings the files and the images of the commit to the machine; it goes back by itself. */
export function composeSteps({ spec }: PipelinePlan, group: Group): Step[] {
  const compose = composeOf(spec, group.environment);
  if (!compose) {
    return [];
  }
  const images = assignments(compose, group.placements, ({ service }) =>
    imageExpression(group, service),
  );
  return deploySteps(compose, group.placements, {
    verb: 'deploy',
    release: '${{ github.sha }}',
    images,
    ...filesOf(compose),
  });
}

/** What a variable of the compose files is for each service of a job. */
export function assignments(
  { images }: Compose,
  placements: readonly Placement[],
  imageOf: (placement: Placement) => string | undefined,
): string {
  return Object.entries(images)
    .flatMap(([variable, key]) => {
      const placement = placements.find(({ service }) => service.key === key);
      return placement ? [`${variable}=${imageOf(placement) ?? ''}`] : [];
    })
    .join(' ');
}

/** The steps that work on the machine, and take back what a cancelled run began. */
export function deploySteps(
  compose: Compose,
  placements: readonly Placement[],
  what: {
    verb: 'deploy' | 'images';
    release: string;
    images: string;
    environment?: Record<string, string>;
  },
): Step[] {
  const { environment } =
    placements.find(one => one.environment.verify) ?? placements[0];
  const machine = {
    HOST: expressionOf(compose.host),
    SSH_USER: expressionOf(compose.user),
    SSH_KEY: expressionOf(compose.key),
    KNOWN_HOSTS: expressionOf(compose.knownHosts),
    DIRECTORY: compose.directory,
    COMPOSE_FILES: compose.files.join(' '),
    HEALTH_SECONDS: String(compose.healthSeconds ?? HEALTH_SECONDS),
    ...verification(environment, environment.url),
  };
  return [
    {
      name: 'Deploy',
      env: {
        ...machine,
        RELEASE: what.release,
        IMAGES: what.images,
        REGISTRY: registryOf(placements[0].service.image?.repository ?? '')
          .host,
        REGISTRY_USER: '${{ github.actor }}',
        REGISTRY_TOKEN: '${{ github.token }}',
        ...what.environment,
      },
      run: `.github/deploy/compose-ssh.sh ${what.verb}`,
    },
    {
      name: 'Take back what was cancelled',
      if: 'cancelled()',
      env: machine,
      run: '.github/deploy/compose-ssh.sh back',
    },
  ];
}

/** The values of the environment files, each under a name that tells its file. */
function filesOf({ environmentFiles = {} }: Compose): {
  environment: Record<string, string>;
} {
  const files = Object.entries(environmentFiles);
  return {
    environment: {
      ...(files.length > 0 && {
        ENVIRONMENT_FILES: files.map(([name]) => name).join(' '),
      }),
      ...Object.fromEntries(
        files.flatMap(([, values], index) =>
          Object.entries(values).map(([name, value]) => [
            `ENV_${index}_${name}`,
            expressionOf(value),
          ]),
        ),
      ),
    },
  };
}

/** Whether all inputs of a dispatch are as a target fixes them. */
export function areInputs(inputs: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(inputs).map(
    ([name, value]) => `inputs.${name} == ${literal(String(value))}`,
  );
}
