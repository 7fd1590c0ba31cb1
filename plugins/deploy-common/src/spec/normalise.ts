import { normaliseGates } from './normaliseGates';
import { mergePromotion, normalisePromotion } from './normalisePromotion';
import { PipelineDocument } from './schema';
import {
  EnvironmentSpec,
  JobSpec,
  PipelineSpec,
  ServiceEnvironmentSpec,
  ServiceSpec,
} from './types';

type ServiceDocument = PipelineDocument['spec']['services'][string];
type ServiceEnvironmentDocument = ServiceDocument['environments'][string];
type JobDocument = NonNullable<ServiceEnvironmentDocument['jobs']>[number];

function normaliseJob(job: JobDocument): JobSpec {
  const { matrix, ...rest } = job;
  return {
    ...rest,
    ...(matrix && {
      matrix: Object.fromEntries(
        Object.entries(matrix).map(([key, value]) => [key, String(value)]),
      ),
    }),
    commit: job.commit ?? 'run',
  };
}

function normaliseEnvironment(
  declared: EnvironmentSpec,
  document: ServiceEnvironmentDocument,
): ServiceEnvironmentSpec {
  // What is set for the environment stays there: here stand the service's own gates.
  const { gates: _, stage: __, ...environment } = declared;
  const { gates, promotion, ...own } = document;
  return {
    ...environment,
    ...own,
    ...normaliseGates(gates),
    ...(promotion && {
      promotion: mergePromotion([
        declared.promotion,
        normalisePromotion(promotion),
      ]),
    }),
    jobs: (document.jobs ?? []).map(normaliseJob),
  };
}

function normaliseService(
  key: string,
  document: ServiceDocument,
  environments: readonly EnvironmentSpec[],
): ServiceSpec {
  const own = new Map(Object.entries(document.environments));
  return {
    key,
    ...(document.entity && {
      entityRef: document.entity.toLocaleLowerCase('en-US'),
    }),
    paths: document.paths ?? [],
    sharedPaths: document.sharedPaths ?? [],
    ...(document.migrations && { migrations: document.migrations }),
    ...(document.test && { test: document.test }),
    ...(document.testedBy && { testedBy: document.testedBy }),
    ...(document.image && { image: document.image }),
    ...normaliseGates(document.gates),
    environments: environments.flatMap(declared => {
      const found = own.get(declared.name);
      return found ? [normaliseEnvironment(declared, found)] : [];
    }),
  };
}

/** Puts a valid document in order: defaults filled, maps as lists in a fixed order. */
export function normalise(document: PipelineDocument): PipelineSpec {
  const environments = document.spec.environments.map(
    ({ gates, promotion, deploy, ...environment }, order): EnvironmentSpec => ({
      ...environment,
      ...(deploy && { stage: deploy }),
      ...normaliseGates(gates),
      ...(promotion && { promotion: normalisePromotion(promotion) }),
      order,
    }),
  );
  return {
    name: document.metadata.name,
    ...(document.spec.repository && { repository: document.spec.repository }),
    ...(document.spec.evidence && { evidence: document.spec.evidence }),
    ...(document.spec.pipeline && { pipeline: document.spec.pipeline }),
    ...(document.spec.tests && { tests: document.spec.tests }),
    ...normaliseGates(document.spec.gates),
    environments,
    services: Object.entries(document.spec.services).map(([key, service]) =>
      normaliseService(key, service, environments),
    ),
  };
}
