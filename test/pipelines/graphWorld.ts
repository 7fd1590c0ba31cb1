import { rm } from 'node:fs/promises';
import {
  startGithubSimulator,
  type GithubSimulator,
  type Outcomes,
} from '../simulators/github/client';
import { expectNoViolations, START } from '../simulators/github/testing';
import { generateText, writeRepository } from './specRepository';

/** What started, if anything. */
interface Started {
  runs: number[];
}

/** Repositories whose generated job graphs are played. */
export class GraphWorld {
  readonly #folders: string[] = [];
  #pushes = 0;

  private constructor(readonly github: GithubSimulator) {}

  static async start(): Promise<GraphWorld> {
    return new GraphWorld(await startGithubSimulator({ start: START }));
  }

  /** @param report - what the report is called of all that GitHub would have refused: there must be nothing in it */
  async stop(report: string): Promise<void> {
    await expectNoViolations(this.github, report);
    await this.github.stop();
    for (const folder of this.#folders) {
      await rm(folder, { recursive: true });
    }
  }

  /** A repository with nothing but what a `deploy.yaml` generates. */
  async repository(name: string, text: string): Promise<string> {
    const generated = await generateText(text);
    const folder = await writeRepository(generated.files, { 'a/main': '' });
    this.#folders.push(folder);
    await this.github.createRepository({ owner: 'example-org', name, folder });
    return `example-org/${name}`;
  }

  async push(
    name: string,
    paths: readonly string[],
    options: { branch?: string; outcomes?: Outcomes } = {},
  ): Promise<Started> {
    this.#pushes += 1;
    return this.github.push(name, {
      message: `Change ${paths}`,
      files: Object.fromEntries(paths.map(path => [path, `${this.#pushes}`])),
      ...options,
    });
  }

  async byHand(name: string, force: string): Promise<Started> {
    const { run } = await this.github.start(name, {
      workflow: 'deploy.yml',
      event: 'workflow_dispatch',
      inputs: { force },
    });
    return { runs: [run] };
  }

  /** Names of the jobs that ran, with what became of them, and where they deployed. */
  async played(name: string, { runs }: Started) {
    if (runs.length > 1) {
      throw new Error(`${runs.length} runs started.`);
    }
    const { attempts } =
      runs.length === 0
        ? { attempts: [] }
        : await this.github.run(name, runs[0]);
    const jobs = (attempts[0]?.jobs ?? []).filter(
      ({ conclusion }) => conclusion !== 'skipped',
    );
    return {
      ran: jobs.map(one => `${one.name}: ${one.conclusion}`).sort(),
      deployed: jobs
        .filter(({ conclusion }) => conclusion === 'success')
        .flatMap(({ environment }) => environment ?? [])
        .sort(),
    };
  }
}
