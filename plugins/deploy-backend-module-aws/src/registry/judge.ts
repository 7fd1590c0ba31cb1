import { ImageDetail } from '@aws-sdk/client-ecr';
import { ArtifactState } from '@vvp/backstage-plugin-deploy-common';
import { toTargetError } from '../ecs/errors';

/** What was asked for, for the message. */
export interface AskedImage {
  image: string;
  /** Name of the connection. */
  connection: string;
  /** Such as `repository api of 111122223333 in eu-central-1`. */
  repository: string;
}

const missingErrors: readonly string[] = [
  'ImageNotFoundException',
  'RepositoryNotFoundException',
];

/** What the answer of ECR says of an image. */
export function judgeAnswer(
  image: string,
  details: readonly ImageDetail[] | undefined,
): ArtifactState {
  const [found] = details ?? [];
  if (!found) {
    return gone(image);
  }
  const { imageStatus = 'ACTIVE' } = found;
  return imageStatus === 'ACTIVE'
    ? { state: 'present', message: 'ECR has it.' }
    : {
        state: 'missing',
        message: `The image ${image} is archived and cannot be pulled (${imageStatus}). Restore it in ECR, or choose another revision.`,
      };
}

/** What a failure of ECR says of an image. */
export function judgeFailure(
  cause: unknown,
  { image, connection, repository }: AskedImage,
): ArtifactState {
  const name = cause instanceof Error ? cause.name : 'Error';
  if (missingErrors.includes(name)) {
    return gone(image);
  }
  const { kind, message } = toTargetError(cause, {
    action: 'ecr:DescribeImages',
    connection,
    resource: repository,
  });
  const unknown = (why: string): ArtifactState => ({
    state: 'unknown',
    message: `Whether the image ${image} is still there is not known: ${why}`,
  });
  switch (kind) {
    case 'denied':
      return unknown(
        `${message} Allow it to the role of this connection (docs/aws/policy.json), and by a policy of the repository if that is in another account.`,
      );
    case 'credentials':
    case 'transient':
      return unknown(message);
    default:
      return unknown(`ECR answered with ${name.slice(0, 100)}.`);
  }
}

/** ECR did not answer in time. */
export function judgeSilence(
  image: string,
  milliseconds: number,
): ArtifactState {
  return {
    state: 'unknown',
    message: `Whether the image ${image} is still there is not known: ECR did not answer within ${
      milliseconds / 1000
    } seconds.`,
  };
}

function gone(image: string): ArtifactState {
  return {
    state: 'missing',
    message: `The image ${image} is no longer in its registry. Choose another revision, or push the image again.`,
  };
}
