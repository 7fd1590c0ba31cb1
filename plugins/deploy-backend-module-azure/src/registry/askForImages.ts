import { ContainerRegistryContentClient } from '@azure/container-registry';
import { PipelinePolicy } from '@azure/core-rest-pipeline';
import { ArtifactState } from '@vvp/backstage-plugin-deploy-common';
import {
  ImageReference,
  joinArtifactStates,
  parseImage,
} from '@vvp/backstage-plugin-deploy-node';
import { AzureConnection } from '../connections';
import { findEndpoint } from './findEndpoint';
import { AskedImage, judgeFailure, judgeSilence } from './judgeFailure';

const LIMIT_MS = 5_000;
/** A container app has hardly more containers. */
const MOST_IMAGES = 20;

/**
 * Asks the registries of images whether they could be pulled now, by reading their manifests. Never
 * throws: what cannot be found out is `unknown`.
 *
 * @param limitMs - for all of them together; default 5,000
 */
export async function askForImages(
  connection: AzureConnection,
  images: readonly string[],
  signal: AbortSignal,
  limitMs: number = LIMIT_MS,
): Promise<ArtifactState> {
  if (images.length > MOST_IMAGES) {
    return {
      state: 'unknown',
      message: `The revision has ${images.length} images; registries are asked for up to ${MOST_IMAGES}.`,
    };
  }
  const limit = AbortSignal.any([signal, AbortSignal.timeout(limitMs)]);
  return joinArtifactStates(
    await Promise.all(
      images.map(image => askForImage(connection, image, { limit, limitMs })),
    ),
  );
}

interface Limit {
  limit: AbortSignal;
  limitMs: number;
}

async function askForImage(
  connection: AzureConnection,
  image: string,
  { limit, limitMs }: Limit,
): Promise<ArtifactState> {
  const reference = parseImage(image);
  if (!reference) {
    return {
      state: 'unknown',
      message:
        'An image of the revision does not name the registry that it is in.',
    };
  }
  const { registry } = reference;
  const endpoint = findEndpoint(connection, registry);
  if (endpoint === undefined) {
    return {
      state: 'unknown',
      message: `${registry} is not asked for the image ${image}: it is not in registries of the connection "${connection.name}" in app-config.`,
    };
  }
  const asked: AskedImage = { image, registry, connection: connection.name };
  try {
    await Promise.race([
      readManifest(connection, endpoint, reference, limit),
      rejectWith(limit),
    ]);
    return { state: 'present', message: `${registry} has it.` };
  } catch (cause) {
    return limit.aborted
      ? judgeSilence(asked, limitMs)
      : judgeFailure(cause, asked);
  }
}

async function readManifest(
  connection: AzureConnection,
  endpoint: string,
  { repository, tag = '', digest }: ImageReference,
  limit: AbortSignal,
): Promise<void> {
  // The address of the Resource Manager is not that of a registry.
  const {
    endpoint: _,
    additionalPolicies,
    ...options
  } = connection.clientOptions;
  const client = new ContainerRegistryContentClient(
    endpoint,
    repository,
    connection.credential,
    {
      ...options,
      additionalPolicies: [
        ...additionalPolicies,
        { policy: limitPolicy(limit), position: 'perCall' },
      ],
    },
  );
  await client.getManifest(digest ?? tag);
}

/** The SDK hands no signal on to the requests by which it gets its tokens. */
function limitPolicy(limit: AbortSignal): PipelinePolicy {
  return {
    name: 'deployRegistryLimit',
    sendRequest(request, next) {
      request.abortSignal = limit;
      return next(request);
    },
  };
}

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
