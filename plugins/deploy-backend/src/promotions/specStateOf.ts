import {
  CommitRange,
  ReadinessFacts,
} from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import { serviceInSpec } from '../spec/serviceInSpec';
import { ServiceRow } from '../store/rows';
import { SpecStore } from '../store/SpecStore';
import { KnownEnvironment } from '../targets/TargetEnvironments';

/**
 * How the deploy.yaml that is in use relates to a release: whether it cannot be used, or changed since the
 * release was built. Undefined for a service without one, and where GitHub does not say.
 */
export async function specStateOf(
  options: {
    knex: Knex;
    specs: Pick<SpecStore, 'get'>;
    commitsBetween: (
      environment: KnownEnvironment,
      range: { from: string; to: string },
    ) => Promise<CommitRange>;
  },
  environment: KnownEnvironment,
  commit: string,
): Promise<ReadinessFacts['spec']> {
  const service = await options
    .knex<ServiceRow>('services')
    .where({ id: environment.serviceId })
    .first();
  const stored =
    service?.spec_url &&
    (await options.specs.get(service.spec_url, service.repository));
  if (!service || !stored) {
    return undefined;
  }
  const problem =
    stored.problem?.message ??
    serviceInSpec(
      {
        entityRef: service.entity_ref,
        annotations: JSON.parse(service.annotations),
      },
      stored,
    ).problem;
  if (problem) {
    return { problem };
  }
  // The commit that changed the file last: a release that has it was built with it.
  if (!stored.commit) {
    return undefined;
  }
  if (stored.commit === commit) {
    return {};
  }
  const range = await options
    .commitsBetween(environment, { from: commit, to: stored.commit })
    .catch(() => undefined);
  if (!range || range.state === 'unknown') {
    return undefined;
  }
  return range.direction === 'backward' && range.state !== 'unrelated'
    ? {}
    : { changedSince: stored.commit };
}
