import { DescribeImagesRequest } from '@aws-sdk/client-ecr';
import { AwsError } from '../ecs/AwsError';
import type { Operation } from '../ecs/operations';
import { presentImage } from './Images';

/** What an ECR request answers, by operation; the request was found right by the schema. */
export const ecrOperations: Record<string, Operation> = {
  DescribeImages({ world, place }, request: DescribeImagesRequest) {
    const { repositoryName = '', registryId = place.account } = request;
    const ids = request.imageIds ?? [];
    if (ids.length === 0 || ids.length > 100 || request.filter) {
      throw invalid('Only 1 to 100 imageIds without a filter are simulated.');
    }
    if (registryId !== place.account) {
      throw new AwsError(
        'AccessDeniedException',
        `User is not authorized to perform: ecr:DescribeImages on resource: arn:aws:ecr:${place.region}:${registryId}:repository/${repositoryName} because no resource-based policy allows the ecr:DescribeImages action`,
      );
    }
    if (!world.images.hasRepository(place, repositoryName)) {
      throw new AwsError(
        'RepositoryNotFoundException',
        `The repository with name '${repositoryName}' does not exist in the registry with id '${registryId}'`,
      );
    }
    return {
      imageDetails: ids.map(({ imageDigest, imageTag }) => {
        const reference = imageDigest ?? imageTag;
        if (reference === undefined) {
          throw invalid('An image id needs a tag or a digest.');
        }
        const found = world.images.find(place, repositoryName, reference);
        if (!found) {
          throw new AwsError(
            'ImageNotFoundException',
            `The image with imageId {imageDigest:'${
              imageDigest ?? null
            }', imageTag:'${
              imageTag ?? null
            }'} does not exist within the repository with name '${repositoryName}' in the registry with id '${registryId}'`,
          );
        }
        return presentImage(found);
      }),
    };
  },
};

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}
