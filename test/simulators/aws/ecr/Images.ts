import { createHash } from 'node:crypto';
import { ImageDetail, ImageStatus } from '@aws-sdk/client-ecr';
import { Place } from '../ecs/World';

/** An image as the registry keeps it. */
export interface StoredImage extends Place {
  repository: string;
  digest: string;
  tags: string[];
  pushedAt: Date;
  status: ImageStatus;
}

/** Images of the simulated accounts, without layers. */
export class Images {
  readonly #images: StoredImage[] = [];
  readonly #repositories = new Set<string>();

  /** Puts an image there; returns its digest. */
  push(place: Place, repository: string, tag: string, now: Date): string {
    const digest = `sha256:${createHash('sha256')
      .update(`${place.account} ${place.region} ${repository} ${tag}`)
      .digest('hex')}`;
    this.#repositories.add(keyOf(place, repository));
    this.#images.push({
      ...place,
      repository,
      digest,
      tags: [tag],
      pushedAt: now,
      status: 'ACTIVE',
    });
    return digest;
  }

  /** By tag or digest. */
  find(
    place: Place,
    repository: string,
    reference: string,
  ): StoredImage | undefined {
    return this.#images.find(
      each =>
        keyOf(each, each.repository) === keyOf(place, repository) &&
        (each.digest === reference || each.tags.includes(reference)),
    );
  }

  hasRepository(place: Place, repository: string): boolean {
    return this.#repositories.has(keyOf(place, repository));
  }

  /** What a lifecycle policy does; the repository stays. */
  expire(place: Place, repository: string, reference: string): void {
    const found = this.find(place, repository, reference);
    if (found) {
      this.#images.splice(this.#images.indexOf(found), 1);
    }
  }
}

/** As ECR describes it. */
export function presentImage(image: StoredImage): ImageDetail {
  return {
    registryId: image.account,
    repositoryName: image.repository,
    imageDigest: image.digest,
    imageTags: image.tags.length > 0 ? image.tags : undefined,
    imageSizeInBytes: 1_048_576,
    imagePushedAt: image.pushedAt,
    imageManifestMediaType: 'application/vnd.oci.image.manifest.v1+json',
    artifactMediaType: 'application/vnd.oci.image.config.v1+json',
    imageStatus: image.status,
  };
}

function keyOf({ account, region }: Place, repository: string): string {
  return `${account} ${region} ${repository}`;
}
