import { DescribeImagesCommand, ECRClient } from '@aws-sdk/client-ecr';
import { ArtifactState } from '@vvp/backstage-plugin-deploy-common';
import {
  joinArtifactStates,
  parseImage,
} from '@vvp/backstage-plugin-deploy-node';
import { judgeAnswer, judgeFailure, judgeSilence } from './judge';
import { parseRegistry } from './parseRegistry';

const limitMilliseconds = 5_000;
/** A task definition has no more than ten containers. */
const mostImages = 20;

/** By whom images are asked for. */
export interface ImageAsker {
  /** Name of the connection. */
  connection: string;
  clientOf(region: string): ECRClient;
  signal: AbortSignal;
  /** For all images together; default 5,000. */
  limitMilliseconds?: number;
}

/**
 * Asks ECR whether images are still there. Never throws: what cannot be found out is `unknown`, such as
 * whatever is in another registry.
 */
export async function askForImages(
  images: readonly string[],
  asker: ImageAsker,
): Promise<ArtifactState> {
  if (images.length > mostImages) {
    return {
      state: 'unknown',
      message: `The revision has ${images.length} images; ECR is asked for up to ${mostImages}.`,
    };
  }
  const milliseconds = asker.limitMilliseconds ?? limitMilliseconds;
  const limit = AbortSignal.any([
    asker.signal,
    AbortSignal.timeout(milliseconds),
  ]);
  return joinArtifactStates(
    await Promise.all(
      images.map(image => askForImage(image, asker, { limit, milliseconds })),
    ),
  );
}

async function askForImage(
  image: string,
  asker: ImageAsker,
  { limit, milliseconds }: { limit: AbortSignal; milliseconds: number },
): Promise<ArtifactState> {
  const reference = parseImage(image);
  const registry = reference && parseRegistry(reference.registry);
  if (!reference || !registry) {
    return {
      state: 'unknown',
      message: reference
        ? `${reference.registry} is not asked for the image ${image}: it is no registry of ECR.`
        : 'An image of the revision does not name the registry that it is in.',
    };
  }
  const { repository, tag, digest } = reference;
  try {
    const answer = await Promise.race([
      asker.clientOf(registry.region).send(
        new DescribeImagesCommand({
          registryId: registry.account,
          repositoryName: repository,
          imageIds: [
            digest === undefined ? { imageTag: tag } : { imageDigest: digest },
          ],
        }),
        { abortSignal: limit },
      ),
      rejectWith(limit),
    ]);
    return judgeAnswer(image, answer.imageDetails);
  } catch (cause) {
    return limit.aborted
      ? judgeSilence(image, milliseconds)
      : judgeFailure(cause, {
          image,
          connection: asker.connection,
          repository: `repository ${repository} of ${registry.account} in ${registry.region}`,
        });
  }
}

/** The SDK hands no signal on to the requests by which it gets its credentials. */
function rejectWith(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), {
      once: true,
    });
    if (signal.aborted) {
      reject(signal.reason);
    }
  });
}
