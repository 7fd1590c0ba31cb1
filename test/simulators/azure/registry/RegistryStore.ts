import { createHash } from 'node:crypto';

/** A manifest as the registry keeps it. */
export interface StoredManifest {
  digest: string;
  content: string;
  mediaType: string;
  createdAt: string;
}

const MEDIA_TYPE = 'application/vnd.oci.image.manifest.v1+json';

/** Repositories of one registry, with manifests and tags; layers are made up and cannot be pulled. */
export class RegistryStore {
  /** Such as `vvpacr.example.test`. */
  readonly loginServer: string;
  readonly #manifests = new Map<string, Map<string, StoredManifest>>();
  readonly #tags = new Map<string, Map<string, string>>();

  constructor(loginServer: string) {
    this.loginServer = loginServer;
  }

  /** Puts an image there, such as `vvp/issuer:1.2`; returns its digest. */
  push(image: string): string {
    const [repository, tag = 'latest'] = image.split(':');
    const content = JSON.stringify({
      schemaVersion: 2,
      mediaType: MEDIA_TYPE,
      config: descriptor('application/vnd.oci.image.config.v1+json', image),
      layers: [
        descriptor('application/vnd.oci.image.layer.v1.tar+gzip', image),
      ],
    });
    const digest = digestOf(content);
    at(this.#manifests, repository).set(digest, {
      digest,
      content,
      mediaType: MEDIA_TYPE,
      createdAt: new Date().toISOString(),
    });
    at(this.#tags, repository).set(tag, digest);
    return digest;
  }

  hasRepository(repository: string): boolean {
    return (this.#manifests.get(repository)?.size ?? 0) > 0;
  }

  find(repository: string, reference: string): StoredManifest | undefined {
    const digest = this.#tags.get(repository)?.get(reference) ?? reference;
    return this.#manifests.get(repository)?.get(digest);
  }

  tagsOf(repository: string, digest: string): string[] {
    return [...(this.#tags.get(repository) ?? [])].flatMap(([tag, of]) =>
      of === digest ? tag : [],
    );
  }

  /** What `az acr repository untag` does: the manifest stays. */
  untag(repository: string, tag: string): void {
    this.#tags.get(repository)?.delete(tag);
  }

  /** What `az acr repository delete --image` does: the manifest goes, with all of its tags. */
  delete(repository: string, reference: string): void {
    const found = this.find(repository, reference);
    if (found) {
      this.tagsOf(repository, found.digest).forEach(tag =>
        this.untag(repository, tag),
      );
      this.#manifests.get(repository)?.delete(found.digest);
    }
  }
}

export function digestOf(content: string): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

function descriptor(mediaType: string, seed: string) {
  return { mediaType, digest: digestOf(`${mediaType} ${seed}`), size: 1024 };
}

function at<T>(
  maps: Map<string, Map<string, T>>,
  repository: string,
): Map<string, T> {
  const map = maps.get(repository) ?? new Map<string, T>();
  maps.set(repository, map);
  return map;
}
