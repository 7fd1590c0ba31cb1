import { createHash } from 'node:crypto';

/** What the example platform answers instead. */
export class PlatformError extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`The platform answered ${status}.`);
    this.status = status;
  }
}

/** A platform in memory: services, their revisions, and the one of each that serves. */
export class ExamplePlatform {
  changes = 0;
  readonly #revisions = new Map<string, string[]>();
  readonly #serving = new Map<string, string>();
  /** The one of each that gets a part of the traffic, beside the one that serves. */
  readonly #beside = new Map<string, { revision: string; percent: number }>();
  readonly #broken = new Set<string>();
  #denied = false;
  #rejected = false;
  #throttled = 0;
  #cuts = 0;

  constructor() {
    this.#revisions.set('issuer', ['v1', 'v2', 'v3']);
    this.#revisions.set('verifier', ['w1']);
    this.#serving.set('issuer', 'v3');
  }

  /** Oldest first. */
  async list(service: string): Promise<string[]> {
    this.#answer();
    return [...(this.#revisions.get(service) ?? [])];
  }

  async read(service: string): Promise<{
    serving: string;
    healthy: boolean;
    beside?: { revision: string; percent: number };
  }> {
    this.#answer();
    const serving = this.servingOf(service);
    const beside = this.#beside.get(service);
    return { serving, healthy: !this.#broken.has(serving), beside };
  }

  /** Gives a revision all of the traffic. */
  async serve(service: string, revision: string): Promise<void> {
    this.#change(service, revision, () => {
      this.#serving.set(service, revision);
      this.#beside.delete(service);
    });
  }

  /** Gives a revision a part of the traffic; the one that serves keeps the rest. */
  async share(
    service: string,
    revision: string,
    percent: number,
  ): Promise<void> {
    this.#change(service, revision, () => {
      this.#beside.set(service, { revision, percent });
    });
  }

  /** What a revision has of the traffic. */
  shareOf(service: string, revision: string): number {
    const beside = this.#beside.get(service);
    if (beside?.revision === revision) {
      return beside.percent;
    }
    return this.servingOf(service) === revision
      ? 100 - (beside?.percent ?? 0)
      : 0;
  }

  /** What a revision was built from. */
  commitOf(revision: string): string {
    return createHash('sha1').update(revision).digest('hex');
  }

  /** A pipeline brings a revision in, without any traffic. */
  add(service: string): string {
    const revisions = this.#revisions.get(service) ?? [];
    const revision = `v${revisions.length + 1}`;
    this.#revisions.set(service, [...revisions, revision]);
    return revision;
  }

  servingOf(service: string): string {
    return this.#serving.get(service) ?? '';
  }

  deploy(service: string): string {
    const revision = this.add(service);
    this.#serving.set(service, revision);
    return revision;
  }

  readonly faults = {
    denyChanges: async () => {
      this.#denied = true;
    },
    rejectCredentials: async () => {
      this.#rejected = true;
    },
    neverHealthy: async (revision: string) => {
      this.#broken.add(revision);
    },
    throttle: async (requests: number) => {
      this.#throttled = requests;
    },
    cutNextChange: async () => {
      this.#cuts = 1;
    },
    clear: async () => {
      this.#denied = false;
      this.#rejected = false;
      this.#throttled = 0;
      this.#cuts = 0;
      this.#broken.clear();
    },
  };

  #change(service: string, revision: string, change: () => void): void {
    this.#answer();
    this.changes += 1;
    if (this.#denied) {
      throw new PlatformError(403);
    }
    if (!this.#revisions.get(service)?.includes(revision)) {
      throw new PlatformError(404);
    }
    change();
    if (this.#cuts > 0) {
      this.#cuts -= 1;
      throw new PlatformError(0);
    }
  }

  #answer(): void {
    if (this.#rejected) {
      throw new PlatformError(401);
    }
    if (this.#throttled > 0) {
      this.#throttled -= 1;
      throw new PlatformError(429);
    }
  }
}
