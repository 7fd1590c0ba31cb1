import { ArtifactState } from '@vvp/backstage-plugin-deploy-common';
import { toTargetError } from '../connections';

/** What was asked for, for the message. */
export interface AskedImage {
  image: string;
  registry: string;
  /** Name of the connection. */
  connection: string;
}

/** By which a registry says that there is no such image; another 404 may come from a proxy on the way. */
const missingCodes: readonly string[] = ['MANIFEST_UNKNOWN', 'NAME_UNKNOWN'];

/** What a failure to read the manifest of an image says of the image. */
export function judgeFailure(
  cause: unknown,
  { image, registry, connection }: AskedImage,
): ArtifactState {
  const status = statusOf(cause);
  if (
    status === 404 &&
    codesOf(cause).some(code => missingCodes.includes(code))
  ) {
    return {
      state: 'missing',
      message: `The image ${image} is no longer in its registry. Choose another revision, or push the image again.`,
    };
  }
  const unknown = (why: string): ArtifactState => ({
    state: 'unknown',
    message: `Whether the image ${image} is still there is not known: ${why}`,
  });
  if (status === 401 || status === 403) {
    return unknown(
      `${registry} does not let the connection "${connection}" look. Give its identity the role AcrPull on the registry (Container Registry Repository Reader where the registry has permissions by repository), and let the portal through the registry's firewall.`,
    );
  }
  const { kind } = toTargetError(cause, 'ask');
  if (kind === 'credentials') {
    return unknown(
      `Entra ID does not take the credentials of the connection "${connection}".`,
    );
  }
  if (status === 429) {
    return unknown(`${registry} throttles requests. Try again in a minute.`);
  }
  return status === undefined
    ? unknown(
        `${registry} did not answer as a registry does. Check that the portal reaches it.`,
      )
    : unknown(`${registry} answered with status ${status}.`);
}

/** The registry did not answer in time. */
export function judgeSilence(
  { image, registry }: AskedImage,
  milliseconds: number,
): ArtifactState {
  return {
    state: 'unknown',
    message: `Whether the image ${image} is still there is not known: ${registry} did not answer within ${
      milliseconds / 1000
    } seconds.`,
  };
}

function statusOf(cause: unknown): number | undefined {
  const status = (cause as { statusCode?: unknown } | undefined)?.statusCode;
  return typeof status === 'number' ? status : undefined;
}

function codesOf(cause: unknown): string[] {
  const details = (cause as { details?: unknown } | undefined)?.details;
  const errors = (details as { errors?: unknown } | undefined)?.errors;
  return Array.isArray(errors)
    ? errors.flatMap((error: { code?: unknown } | undefined) =>
        typeof error?.code === 'string' ? error.code : [],
      )
    : [];
}
