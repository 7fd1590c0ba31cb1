import { Revision } from '@vvp/backstage-plugin-deploy-common';
import { TargetError } from '@vvp/backstage-plugin-deploy-node';
import { EcsApi } from './EcsApi';
import { healthOf } from './health';
import { parseTaskDefinition, taskDefinitionOf } from './names';
import { revisionOf } from './revision';
import { givenUpOf, isComingIn } from './rollout';
import { ServiceReader } from './ServiceReader';
import { ServiceSnapshot, servingOf, trafficOf } from './snapshot';

/** ECS describes task definitions one by one, so the list is shorter than it could be. */
const most = 40;
const atOnce = 4;

/** What of a target the revisions depend on. */
export interface RevisionSpec {
  taskDefinition?: string;
  container?: string;
}

/** The revisions of the family that the service runs, newest first. */
export async function listRevisions(
  api: EcsApi,
  reader: ServiceReader,
  spec: RevisionSpec,
): Promise<Revision[]> {
  const snapshot = await reader.snapshot();
  const family = familyOf(snapshot, spec);
  const [active, inactive] = await Promise.all([
    api.taskDefinitions(family, 'ACTIVE', most),
    api.taskDefinitions(family, 'INACTIVE', most),
  ]);
  const isActive = new Set(active);
  const arns = newestFirst(family, [...active, ...inactive]).slice(0, most);
  const serving = servingOf(snapshot);
  const missing =
    serving && !arns.some(arn => taskDefinitionOf(arn) === serving);
  const described = await inBatches(missing ? [...arns, serving] : arns, arn =>
    reader.taskDefinition(arn, isActive.has(arn)),
  );
  return described.flatMap(each => {
    const revision = revisionOf(each, { container: spec.container, serving });
    return revision ? [withTraffic(revision, snapshot)] : [];
  });
}

/** What serves now. */
export async function currentOf(
  reader: ServiceReader,
  spec: RevisionSpec,
): Promise<Revision | undefined> {
  const snapshot = await reader.snapshot();
  const serving = servingOf(snapshot);
  if (serving === undefined) {
    return undefined;
  }
  const described = await reader.taskDefinition(serving);
  const revision = revisionOf(described, {
    container: spec.container,
    serving,
  });
  return revision && withTraffic(revision, snapshot);
}

/** The family that revisions of a service are of: that of the spec, else of what runs. */
export function familyOf(
  snapshot: ServiceSnapshot,
  spec: RevisionSpec,
): string {
  const running = servingOf(snapshot) ?? '';
  const family = spec.taskDefinition ?? parseTaskDefinition(running)?.family;
  if (family === undefined) {
    throw new TargetError(
      'invalid',
      'The service runs no task definition of ECS.',
      { remedy: 'Say target.taskDefinition in deploy.yaml.' },
    );
  }
  return family;
}

function withTraffic(revision: Revision, snapshot: ServiceSnapshot): Revision {
  const share = trafficOf(snapshot).find(each => each.revision === revision.id);
  const givenUp = givenUpOf(snapshot, revision.id);
  return {
    ...revision,
    ...(isComingIn(snapshot, revision.id) && { comingIn: true }),
    ...(givenUp && { givenUp }),
    ...(share && { trafficPercent: share.percent }),
    ...(revision.current && { health: healthOf(snapshot.service).state }),
  };
}

function newestFirst(family: string, arns: readonly string[]): string[] {
  return arns
    .flatMap(arn => {
      const name = parseTaskDefinition(taskDefinitionOf(arn) ?? '');
      return name?.family === family ? [{ arn, revision: name.revision }] : [];
    })
    .sort((one, other) => other.revision - one.revision)
    .map(({ arn }) => arn);
}

async function inBatches<T, R>(
  items: readonly T[],
  each: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  for (let start = 0; start < items.length; start += atOnce) {
    results.push(
      ...(await Promise.all(items.slice(start, start + atOnce).map(each))),
    );
  }
  return results;
}
