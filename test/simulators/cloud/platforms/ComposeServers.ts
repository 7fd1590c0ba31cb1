import { CloudDeployment, Platform, TargetOf } from '../types';

type ComposeDeployment = CloudDeployment<TargetOf<'github-workflow'>>;

/** Servers that only a workflow reaches: what it last deployed runs there. */
export class ComposeServers implements Platform<'github-workflow'> {
  readonly #commits = new Map<string, string>();

  async deploy(deployment: ComposeDeployment): Promise<void> {
    this.#commits.set(keyOf(deployment), deployment.commit);
  }

  async serving(deployment: ComposeDeployment): Promise<string | undefined> {
    return this.#commits.get(keyOf(deployment));
  }
}

function keyOf({ repository, service, environment }: ComposeDeployment) {
  return `${repository}/${service}/${environment}`;
}
