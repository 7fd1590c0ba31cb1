import {
  ANNOTATION_JOBS,
  ANNOTATION_WORKFLOW,
  EnvironmentTier,
  JobSpec,
  ServiceEnvironmentSpec,
  ServiceSpec,
} from '@vvp/backstage-plugin-deploy-common';
import { guessTier } from './guessTier';
import { parseJobsAnnotation } from './jobsAnnotation';
import { MappingRule } from './mappingRules';
import { JobSelector, MappedEnvironment, ServiceMapping } from './types';
import { matchesWildcard } from './wildcard';

/** An environment that somebody declared for a service. */
export interface DeclaredEnvironment {
  name: string;
  tier: EnvironmentTier;
  url?: string;
  /** Its part of deploy.yaml: target, version URL; and the entity that the service names there. */
  definition?: ServiceEnvironmentSpec & { declaredFor?: string };
}

/** What is said about a service, all sources put together. */
export interface ServiceDefinition {
  /** In order, first to last stop of a release. */
  environments: DeclaredEnvironment[];
  mapping: ServiceMapping;
  /** What is wrong with its annotations, if anything. */
  problem?: string;
}

/**
 * Puts together what `deploy.yaml`, the annotations and the rules of app-config say about a
 * service, in this order of trust.
 */
export function defineService(options: {
  serviceId: string;
  serviceKey: string;
  repository: string;
  annotations: Readonly<Record<string, string>>;
  spec?: ServiceSpec;
  rules: readonly MappingRule[];
}): ServiceDefinition {
  const fromSpec = (options.spec?.environments ?? []).map(environment => ({
    name: environment.name,
    tier: environment.tier,
    url: environment.url,
    definition: {
      ...environment,
      ...(options.spec?.entityRef && { declaredFor: options.spec.entityRef }),
    },
    selectors: environment.jobs.map(selectorOfSpec),
  }));
  const { environments: fromAnnotations, problem } = readAnnotations(
    options.annotations,
  );
  const fromRules = options.rules
    .filter(rule => matchesWildcard(rule.repository, options.repository))
    .map(rule => ({
      name: rule.environment,
      tier: rule.tier ?? guessTier(rule.environment),
      selectors: [selectorOfRule(rule)],
    }));

  // Rules speak for many services at once, so that they declare nothing by themselves.
  const environments: DeclaredEnvironment[] = [];
  for (const { selectors: _, ...environment } of [
    ...fromSpec,
    ...fromAnnotations,
  ]) {
    if (!environments.some(known => known.name === environment.name)) {
      environments.push(environment);
    }
  }

  const mapped = new Map<string, MappedEnvironment>();
  for (const source of [fromSpec, fromAnnotations, fromRules]) {
    for (const name of new Set(source.map(environment => environment.name))) {
      const known = mapped.get(name) ?? { name, selectors: [] };
      const selectors = source
        .filter(environment => environment.name === name)
        .flatMap(environment => environment.selectors);
      mapped.set(name, {
        ...known,
        selectors: [...known.selectors, selectors],
      });
    }
  }

  return {
    environments,
    mapping: {
      serviceId: options.serviceId,
      serviceKey: options.spec?.key ?? options.serviceKey,
      environments: [...mapped.values()],
    },
    problem,
  };
}

function selectorOfSpec(job: JobSpec): JobSelector {
  return {
    workflow: job.workflow,
    job: job.job,
    matrixValues: job.matrix && Object.values(job.matrix),
    branches: job.branches,
    commit: job.commit,
  };
}

function selectorOfRule(rule: MappingRule): JobSelector {
  return {
    workflow: rule.workflow,
    job: rule.job,
    branches: rule.branches,
    commit: 'run',
  };
}

function readAnnotations(annotations: Readonly<Record<string, string>>): {
  environments: {
    name: string;
    tier: EnvironmentTier;
    selectors: JobSelector[];
  }[];
  problem?: string;
} {
  const jobs = annotations[ANNOTATION_JOBS];
  if (!jobs) {
    return { environments: [] };
  }
  try {
    return {
      environments: parseJobsAnnotation(jobs).map(({ environment, job }) => ({
        name: environment,
        tier: guessTier(environment),
        selectors: [
          {
            workflow: annotations[ANNOTATION_WORKFLOW] || undefined,
            job,
            commit: 'run',
          },
        ],
      })),
    };
  } catch (error) {
    return {
      environments: [],
      problem: error instanceof Error ? error.message : String(error),
    };
  }
}
