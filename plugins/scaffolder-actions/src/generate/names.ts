import { Group, PipelinePlan, Placement } from './planModel';

/**
 * The environment at GitHub that a job names: one for each service, so that what is approved for one lets no other
 * in; the plain name where the repository has one service.
 */
export function githubEnvironment(
  { spec }: PipelinePlan,
  { service, environment }: Placement,
): string {
  return spec.services.length > 1
    ? `${environment.name}-${service.key}`
    : environment.name;
}

/** Whether a job has a leg for each of its services. */
export function isMatrix({ placements, isTogether }: Group): boolean {
  return placements.length > 1 && !isTogether;
}

/** All environments at GitHub that a job goes to. */
export function githubEnvironments(plan: PipelinePlan, group: Group): string[] {
  return group.isTogether
    ? [group.environment]
    : group.placements.map(placement => githubEnvironment(plan, placement));
}

/** The same as an expression, where the job has a matrix. */
export function environmentExpression(
  plan: PipelinePlan,
  group: Group,
): string {
  return isMatrix(group)
    ? `${group.environment}-\${{ matrix.service }}`
    : githubEnvironments(plan, group)[0];
}

/** A part of the key of a job, made of a name that may have spaces and dots. */
export function keyPart(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]/g, '-');
}

/** What only one job at a time may work on; as the lock keys of the portal. */
export function lockKey({ placements: [{ target }] }: Group): string {
  return target.type === 'azure-vm'
    ? `azure-vm:${target.resourceGroup}/${target.name}`
    : '';
}

/** What this tool calls the artifacts in which a job leaves its reports; each attempt and leg has its own behind it. */
export function reportArtifacts(job: string): string {
  return `${job}-reports`;
}

/** Job keys that this tool gives. */
export const names = {
  test: (unit: string) => `test-${unit}`,
  check: (unit: string) => `build-${unit}`,
  image: (unit: string) => `build-${unit}-image`,
  issue: (tests: string) => `${tests}-issue`,
  report: (job: string) => `${job}-report`,
  failure: 'report-failure',
  verify: (deploy: string) => `verify-${deploy.replace(/^deploy-/, '')}`,
} as const;
