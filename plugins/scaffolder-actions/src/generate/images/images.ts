import { ImageSpec, ServiceSpec } from '@vvp/backstage-plugin-deploy-common';
import { Permissions, Step } from '../model';
import { names } from '../names';
import { Group, PipelinePlan } from '../planModel';
import { identityOf, signedFor } from './identity';
import { registryLogin, registryOf, registryPermissions } from './registry';

/** How an image is built that has a repository of its own. */
export type OwnImage = ImageSpec & { repository: string };

/** An image that is built by a job of its own, before everything that runs it. */
export interface BuiltImage {
  /** Key of the job; its outputs are `image` and `reference`. */
  job: string;
  image: OwnImage;
  /** Who runs it: one image may be that of several. */
  services: ServiceSpec[];
}

/** The images with a repository of their own that a group runs, each once. */
export function imagesOf({ key, placements }: Group): BuiltImage[] {
  const byRepository = new Map<string, BuiltImage>();
  for (const { service } of placements) {
    const { image } = service;
    if (!isOwn(image)) {
      continue;
    }
    const known = byRepository.get(image.repository);
    if (known) {
      known.services.push(service);
    } else {
      const job = names.image(service.key);
      byRepository.set(image.repository, { job, image, services: [service] });
    }
  }
  const found = [...byRepository.values()];
  return found.length === 1 ? [{ ...found[0], job: names.image(key) }] : found;
}

/** What a service of a group is deployed as: the image that its job built, and no other under the same name. */
export function imageExpression(
  group: Group,
  { key }: ServiceSpec,
  output: 'image' | 'reference' = 'reference',
): string | undefined {
  const built = imagesOf(group).find(({ services }) =>
    services.some(service => service.key === key),
  );
  return built && `\${{ needs.${built.job}.outputs.${output} }}`;
}

/** What a deployment may do to look at the signatures of its images. */
export function signaturePermissions(group: Group): Permissions {
  return Object.assign(
    {},
    ...signedImages(group).map(({ image }) =>
      registryPermissions(image.repository, 'read'),
    ),
  );
}

/**
 * Looks, before a deployment, whether its images were signed by the workflows that build them.
 *
 * @param before - the steps by which the job logged in to what it deploys to
 */
export function signatureSteps(
  plan: PipelinePlan,
  group: Group,
  before: readonly Step[],
): Step[] {
  const signed = signedImages(group);
  return signed.length === 0
    ? []
    : [
        ...loginsTo(
          plan,
          signed.map(({ image }) => image.repository),
          before,
        ),
        installCosign(),
        ...signed.map(({ job, image, services }) => ({
          name:
            signed.length === 1
              ? 'Check the signature'
              : `Check the signature of ${services[0].key}`,
          env: {
            IMAGE: `\${{ needs.${job}.outputs.image }}`,
            IDENTITY: identityOf(plan, image.repository),
            ...signedFor(plan.stage, '${{ github.sha }}'),
          },
          run: '.github/deploy/image-verify.sh',
        })),
      ];
}

/** Logs in to the registries of repositories, each once, as whoever a deployment is already. */
export function loginsTo(
  { settings }: PipelinePlan,
  repositories: readonly string[],
  before: readonly Step[],
): Step[] {
  const uses = (action: string) => before.some(step => step.uses === action);
  const one = new Map(
    repositories.map(repository => [registryOf(repository).host, repository]),
  );
  return [...one.values()].flatMap(repository =>
    registryLogin(repository, {
      role: uses('aws-actions/configure-aws-credentials')
        ? undefined
        : settings.aws.deployRole,
      isAtAzure: uses('azure/login'),
    }),
  );
}

/** The program that signs and looks at signatures. */
export function installCosign(): Step {
  return { name: 'Set up cosign', uses: 'sigstore/cosign-installer' };
}

/** Whether an image is pushed to a repository of its own. */
export function isOwn(image: ImageSpec | undefined): image is OwnImage {
  return image?.repository !== undefined;
}

function signedImages(group: Group): BuiltImage[] {
  return imagesOf(group).filter(({ image }) => image.sign);
}
