import type { WorkflowJob } from '../state/model';
import { cloudDeployments, type CloudDeployment } from './cloudDeployments';
import { readGeneratedPlaces, type DeployedPlace } from './deployYaml';

const TRIES = 30;
const RETRY_AFTER_MS = 1_000;

/** Has the simulated clouds do what jobs deployed, one after the other. */
export class CloudSender {
  readonly #url: string;
  /** By full name of the repository. */
  readonly #places = new Map<string, DeployedPlace[]>();
  readonly #waiting: CloudDeployment[] = [];
  #sending = false;
  #stopped = false;
  #refused = 0;

  /** Takes the address of the clouds' control. */
  constructor(url: string) {
    this.#url = url;
  }

  /** How many wait to be sent, and how many the clouds did not take. */
  get state(): { waiting: number; refused: number } {
    return {
      waiting: this.#waiting.length + (this.#sending ? 1 : 0),
      refused: this.#refused,
    };
  }

  /** What the jobs of a repository deploy from now on. */
  setPlaces(repository: string, places: DeployedPlace[]): void {
    this.#places.set(repository, places);
  }

  async add(job: WorkflowJob): Promise<void> {
    const { repository, headSha } = job.attempt.run;
    const places = this.#places.get(repository.fullName) ?? [];
    const known = cloudDeployments(places, job);
    if (known.length === 0 && job.conclusion === 'success') {
      const spec = /^deploy-/.test(job.name)
        ? await repository.git.file(headSha, 'deploy.yaml')
        : undefined;
      known.push(...cloudDeployments(generatedPlaces(spec), job));
    }
    this.#waiting.push(...known);
    void this.#pump();
  }

  stop(): void {
    this.#stopped = true;
  }

  async #pump(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    while (!this.#stopped) {
      const next = this.#waiting.shift();
      if (!next) break;
      await this.#send(next);
    }
    this.#sending = false;
  }

  async #send(deployment: CloudDeployment): Promise<void> {
    let answer = 'nobody answered';
    for (let tried = 0; tried < TRIES && !this.#stopped; tried += 1) {
      try {
        const response = await fetch(`${this.#url}/_control/deploy`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(deployment),
        });
        if (response.ok) return;
        answer = `${response.status} ${(await response.text()).slice(0, 300)}`;
        break;
      } catch (cause) {
        answer = String(cause);
      }
      await new Promise(resolve => setTimeout(resolve, RETRY_AFTER_MS));
    }
    if (this.#stopped) return;
    this.#refused += 1;
    const { service, environment } = deployment;
    process.stderr.write(
      `The clouds did not take ${service} in ${environment}: ${answer}\n`,
    );
  }
}

/** Whoever pushes a file that is none deploys nothing to the clouds. */
function generatedPlaces(spec: Buffer | undefined): DeployedPlace[] {
  try {
    return spec ? readGeneratedPlaces(spec.toString('utf8')) : [];
  } catch {
    return [];
  }
}
