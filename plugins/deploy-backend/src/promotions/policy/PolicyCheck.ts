import { LoggerService } from '@backstage/backend-plugin-api';
import { ProblemLog } from '../../store/ProblemLog';
import { People } from './People';
import { PolicyProblem, policyProblems } from './policyProblems';
import {
  PromotionPolicies,
  ServicePromotionPolicies,
} from './PromotionPolicies';

/** Kind in the list of problems. */
export const POLICY_PROBLEM = 'promotion-policy';

const MAX_MESSAGE = 2_000;

/** Tells of policies that can never be met, as soon as they are read. */
export class PolicyCheck {
  readonly #policies: Pick<
    PromotionPolicies,
    'ofService' | 'ofRepository' | 'note'
  >;
  readonly #people: Pick<People, 'poolsFor'>;
  readonly #problems: Pick<ProblemLog, 'record' | 'resolve'>;
  readonly #logger: LoggerService;

  constructor(options: {
    policies: Pick<PromotionPolicies, 'ofService' | 'ofRepository' | 'note'>;
    people: Pick<People, 'poolsFor'>;
    problems: Pick<ProblemLog, 'record' | 'resolve'>;
    logger: LoggerService;
  }) {
    this.#policies = options.policies;
    this.#people = options.people;
    this.#problems = options.problems;
    this.#logger = options.logger;
  }

  /** What is wrong with the policies of a service. Rejects if the catalog does not tell who is in a group. */
  async policyProblems(serviceId: string): Promise<PolicyProblem[]> {
    const service = await this.#policies.ofService(serviceId);
    return service ? this.#problemsOf(service) : [];
  }

  /**
   * Looks at the policies of all services of a repository: to be called when the portal starts, and
   * whenever a deploy.yaml was read again or some time has passed, as groups change without it. Logs each
   * problem once and counts it. If the catalog does not answer, all stays as it was. What the policies ask
   * is kept, so that what asks for less later is told apart.
   */
  async checkRepository(repository: string, now: Date): Promise<void> {
    for (const service of await this.#policies.ofRepository(repository)) {
      try {
        await this.#policies.note(service.serviceId, now);
        await this.#note(service, await this.#problemsOf(service), now);
      } catch (error) {
        this.#logger.warn('The promotion policies could not be checked', {
          entityRef: service.entityRef,
          cause: error instanceof Error ? error.message : String(error),
        });
      }
    }
  }

  /** Keeps what the policies of a repository ask, before another deploy.yaml may ask for less. */
  async noteRepository(repository: string, now: Date): Promise<void> {
    for (const { serviceId } of await this.#policies.ofRepository(repository)) {
      await this.#policies.note(serviceId, now);
    }
  }

  async #problemsOf(
    service: ServicePromotionPolicies,
  ): Promise<PolicyProblem[]> {
    const problems: PolicyProblem[] = [];
    for (const environment of service.environments) {
      problems.push(
        ...(await policyProblems(environment, ({ approvals }) =>
          this.#people.poolsFor(approvals),
        )),
      );
    }
    return problems;
  }

  async #note(
    { entityRef, repository, environments }: ServicePromotionPolicies,
    problems: readonly PolicyProblem[],
    now: Date,
  ) {
    for (const { name } of environments) {
      const message = problems
        .filter(({ environment }) => environment === name)
        .map(problem => problem.message)
        .join(' ')
        .slice(0, MAX_MESSAGE);
      const subject = `${entityRef} ${name}`.slice(0, 255);
      const about = { kind: POLICY_PROBLEM, repository, subject };
      if (!message) {
        await this.#problems.resolve(about);
      } else if (await this.#problems.record({ ...about, message }, now)) {
        this.#logger.warn('A promotion policy can never be met', {
          entityRef,
          environment: name,
          problem: message,
        });
      }
    }
  }
}
