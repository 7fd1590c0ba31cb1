import { Octokit } from '@octokit/rest';
import { InputError, NotAllowedError } from '@backstage/errors';
import {
  EnvironmentPayload,
  EnvironmentSettings,
  Ref,
  Reviewer,
} from './planEnvironment';

/** A repository at GitHub. */
export type RepositoryName = {
  owner: string;
  repo: string;
};

/** The environments of one repository; what GitHub refuses is told with its remedy. */
export class EnvironmentClient {
  readonly #octokit: Octokit;
  readonly #repository: RepositoryName;

  constructor(octokit: Octokit, repository: RepositoryName) {
    this.#octokit = octokit;
    this.#repository = repository;
  }

  /** Undefined if there is none of the name. */
  async find(name: string): Promise<EnvironmentPayload | undefined> {
    return await this.#orMissing(async () => {
      const { data } = await this.#octokit.repos.getEnvironment(this.#at(name));
      return data as EnvironmentPayload;
    });
  }

  async put(name: string, settings: EnvironmentSettings): Promise<void> {
    await this.#explained(`the environment ${name}`, () =>
      this.#octokit.repos.createOrUpdateEnvironment({
        ...this.#at(name),
        ...settings,
      }),
    );
  }

  async refs(name: string): Promise<(Partial<Ref> & { id?: number })[]> {
    const policies = await this.#orMissing(
      async () =>
        await this.#octokit.paginate(
          this.#octokit.repos.listDeploymentBranchPolicies,
          { ...this.#at(name), per_page: 100 },
        ),
    );
    return policies ?? [];
  }

  async addRef(name: string, { type, name: pattern }: Ref): Promise<void> {
    await this.#explained(`the ${type} ${pattern} of ${name}`, () =>
      this.#octokit.repos.createDeploymentBranchPolicy({
        ...this.#at(name),
        name: pattern,
        type,
      }),
    );
  }

  async removeRef(
    name: string,
    { id, type }: Ref & { id: number },
  ): Promise<void> {
    await this.#explained(`a ${type} of ${name}`, () =>
      this.#octokit.repos.deleteDeploymentBranchPolicy({
        ...this.#at(name),
        branch_policy_id: id,
      }),
    );
  }

  /** Whether the rule of an app holds the environment. */
  async hasRule(name: string, app: string): Promise<boolean> {
    const rules = await this.#orMissing(async () => {
      const { data } =
        await this.#octokit.repos.getAllDeploymentProtectionRules(
          this.#at(name),
        );
      return data.custom_deployment_protection_rules;
    });
    return (rules ?? []).some(rule => rule.enabled && rule.app.slug === app);
  }

  /** @throws InputError if the app is not installed, or offers no rule */
  async addRule(name: string, app: string): Promise<void> {
    await this.#explained(`the protection rule of ${name}`, async () => {
      const { data } =
        await this.#octokit.repos.listCustomDeploymentRuleIntegrations(
          this.#at(name),
        );
      const offered =
        data.available_custom_deployment_protection_rule_integrations;
      const integration = offered?.find(({ slug }) => slug === app);
      if (!integration) {
        throw new InputError(
          `protectionRuleApp: no app "${app}" offers a deployment protection rule to this repository. Install it here, and subscribe it to the event deployment_protection_rule.`,
        );
      }
      await this.#octokit.repos.createDeploymentProtectionRule({
        ...this.#at(name),
        integration_id: integration.id,
      });
    });
  }

  async user(login: string): Promise<Reviewer> {
    const id = await this.#orMissing(async () => {
      const { data } = await this.#octokit.users.getByUsername({
        username: login,
      });
      return data.id;
    });
    return { type: 'User', id: known(id, 'users', login, 'person') };
  }

  async team(slug: string): Promise<Reviewer> {
    const id = await this.#orMissing(async () => {
      const { data } = await this.#octokit.teams.getByName({
        org: this.#repository.owner,
        team_slug: slug,
      });
      return data.id;
    });
    return { type: 'Team', id: known(id, 'teams', slug, 'team') };
  }

  #at(name: string) {
    return { ...this.#repository, environment_name: name };
  }

  async #orMissing<T>(ask: () => Promise<T>): Promise<T | undefined> {
    try {
      return await ask();
    } catch (error) {
      if ((error as { status?: number }).status === 404) {
        return undefined;
      }
      throw error;
    }
  }

  async #explained<T>(what: string, change: () => Promise<T>): Promise<T> {
    try {
      return await change();
    } catch (error) {
      const { status, message } = error as { status?: number; message: string };
      const { owner, repo } = this.#repository;
      if (status === 403 || status === 404) {
        throw new NotAllowedError(
          `GitHub does not let ${what} in ${owner}/${repo} be changed (${status}). Is there such a repository, and may the token of the integration administer it?`,
        );
      }
      if (status === 422) {
        throw new InputError(
          `GitHub refuses ${what} in ${owner}/${repo}: ${message}`,
        );
      }
      throw error;
    }
  }
}

function known(
  id: number | undefined,
  field: string,
  name: string,
  what: string,
): number {
  if (id === undefined) {
    throw new InputError(
      `${field}: GitHub knows no ${what} "${name}", or does not show it to this token.`,
    );
  }
  return id;
}
