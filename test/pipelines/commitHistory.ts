import { Asked, ScriptWorld } from './scriptWorld';

/** Commits of a branch, oldest first. */
export const OLDER = `01de${'a'.repeat(36)}`;
export const NOW = `0e0e${'b'.repeat(36)}`;
export const NEWER = `1e1e${'c'.repeat(36)}`;

const LINE = [OLDER, NOW, NEWER];

/** GitHub as far as it compares those commits; it knows no other. */
export class CommitHistory {
  readonly #world = new ScriptWorld();

  static async start(): Promise<CommitHistory> {
    const history = new CommitHistory();
    history.#world.answer = ({ path }) => {
      const [, base, head] =
        /^\/repos\/example-org\/shop\/compare\/(\w+)\.\.\.(\w+)$/.exec(path) ??
        [];
      const [from, to] = [LINE.indexOf(base), LINE.indexOf(head)];
      return from < 0 || to < 0
        ? [404, { message: 'Not Found' }]
        : [200, { status: statusOf(to - from) }];
    };
    await history.#world.start();
    return history;
  }

  /** What GitHub was asked. */
  get asked(): Asked[] {
    return this.#world.asked;
  }

  /** What the step that deploys is told of a commit, in the first attempt of a run. */
  environment(coming: string): Record<string, string> {
    return {
      COMING: coming,
      FORCED: 'false',
      WAY_BACK: 'rollback.yml',
      GITHUB_TOKEN: 'token-of-the-job',
      GITHUB_API_URL: this.#world.url,
      GITHUB_REPOSITORY: 'example-org/shop',
    };
  }

  async stop(): Promise<void> {
    await this.#world.stop();
  }
}

function statusOf(distance: number): string {
  if (distance === 0) {
    return 'identical';
  }
  return distance > 0 ? 'ahead' : 'behind';
}
