import { KnownService } from '../catalog/planServiceSync';
import { serviceInSpec } from '../spec/serviceInSpec';
import { EventLog } from '../store/EventLog';
import { ProblemLog } from '../store/ProblemLog';
import { ServiceStore } from '../store/ServiceStore';
import { SpecStore, StoredSpec } from '../store/SpecStore';
import { TraceStore } from '../store/TraceStore';
import { defineService, ServiceDefinition } from './defineService';
import { MappingRule } from './mappingRules';
import { ServiceMapping } from './types';
import { unmappedProblems } from './unmappedProblems';

/** How many traces are derived again in one transaction. */
const REDERIVE_BATCH = 50;

/** Kinds of problems that a changed mapping may solve; those that remain are found again. */
const remappedProblems = [
  'invalid-annotation',
  'invalid-spec',
  'removed-entity',
  'unknown-repository',
  'unmapped-deployment',
  'unmapped-job',
];

/** Knows which services a repository has and how its runs map to them. */
export class RepositoryMapper {
  readonly #services: ServiceStore;
  readonly #specs: SpecStore;
  readonly #traces: TraceStore;
  readonly #events: EventLog;
  readonly #problems: ProblemLog;
  readonly #rules: readonly MappingRule[];

  constructor(options: {
    services: ServiceStore;
    specs: SpecStore;
    traces: TraceStore;
    events: EventLog;
    problems: ProblemLog;
    rules: readonly MappingRule[];
  }) {
    this.#services = options.services;
    this.#specs = options.specs;
    this.#traces = options.traces;
    this.#events = options.events;
    this.#problems = options.problems;
    this.#rules = options.rules;
  }

  /**
   * How the events of a repository map to services.
   *
   * @returns `unknown` if no entity names the repository, `removed` if those that did are gone
   */
  async mappingsOf(
    repository: string,
  ): Promise<ServiceMapping[] | 'unknown' | 'removed'> {
    const services = await this.#services.listByRepository(repository);
    const present = services.filter(service => !service.removed);
    if (present.length === 0) {
      return services.length === 0 ? 'unknown' : 'removed';
    }
    const definitions = await this.#define(present);
    return definitions.map(({ definition }) => definition.mapping);
  }

  /**
   * Takes in what has changed about a repository's services or their deploy.yaml: declares the
   * environments, derives the deployments again, and takes up events that came too early.
   *
   * @returns ids of the services that may look different now
   */
  async remap(repository: string, now: Date): Promise<string[]> {
    const services = await this.#services.listByRepository(repository);
    const present = services.filter(service => !service.removed);
    const changed = new Set(present.map(service => service.id));
    const definitions = await this.#define(present);
    for (const kind of remappedProblems) {
      await this.#problems.resolve({ kind, repository });
    }
    for (const { service, definition, specProblem } of definitions) {
      await this.#services.declareEnvironments(
        service.id,
        definition.environments,
        now,
      );
      if (definition.problem) {
        await this.#problems.record(
          {
            kind: 'invalid-annotation',
            message: definition.problem,
            repository,
            subject: service.entityRef,
          },
          now,
        );
      }
      if (specProblem) {
        await this.#problems.record(
          {
            kind: 'invalid-spec',
            message: specProblem,
            repository,
            subject: service.entityRef,
          },
          now,
        );
      }
    }
    const mappings = definitions.map(({ definition }) => definition.mapping);
    let after: string | undefined;
    do {
      const { result, lastKey } = await this.#traces.rederive({
        repository,
        services: mappings,
        after,
        limit: REDERIVE_BATCH,
        now,
      });
      result.serviceIds.forEach(id => changed.add(id));
      for (const problem of unmappedProblems(repository, result.unmapped)) {
        await this.#problems.record(problem, now);
      }
      after = lastKey;
    } while (after);
    if (present.length > 0) {
      await this.#events.requeueUnmatched(repository, now);
    }
    return [...changed];
  }

  async #define(services: readonly KnownService[]): Promise<
    {
      service: KnownService;
      definition: ServiceDefinition;
      specProblem?: string;
    }[]
  > {
    const [first] = services;
    const specs = first
      ? await this.#specs.ofRepository(first.repository)
      : new Map<string, StoredSpec>();
    return services.map(service => {
      const stored = service.specUrl ? specs.get(service.specUrl) : undefined;
      const { spec, problem } = serviceInSpec(service, stored);
      return {
        service,
        specProblem: stored?.problem?.message ?? problem,
        definition: defineService({
          serviceId: service.id,
          serviceKey: service.serviceKey,
          repository: service.repository,
          annotations: service.annotations,
          spec,
          rules: this.#rules,
        }),
      };
    });
  }
}
