import { entitiesOf } from '../testJobs/results';
import { Deployment, Repository } from './Repository';

/** Entities that reports name: of the only service that one is about, else by the end of their names. */
export function assembleEntities(
  repository: Repository,
  deployments: readonly Deployment[],
): void {
  const { jobs, draft, accounts } = repository;
  const services = [...new Set(deployments.map(one => one.service))];
  assembleOfImages(repository, deployments);
  for (const { facts } of jobs) {
    for (const { value, leaves } of facts.all('entities')) {
      const entities = value.split(' ');
      const unknown = entities.filter(entity => {
        const fitting = services
          .filter(
            service =>
              entity.endsWith(`/${service}`) || entity.endsWith(`-${service}`),
          )
          .sort((left, right) => right.length - left.length);
        const known = services.find(
          service =>
            draft.get(['spec', 'services', service, 'entity']) === entity,
        );
        const only = services.length === 1 && entities.length === 1;
        const service = known ?? (only ? services[0] : fitting[0]);
        if (service !== undefined) {
          draft.set(['spec', 'services', service, 'entity'], {
            value: entity,
            leaves,
          });
        }
        return service === undefined;
      });
      if (unknown.length > 0) {
        accounts.refuse(
          leaves,
          `it cannot be told which services ${unknown.join(', ')} are`,
          'Write spec.services.<key>.entity by hand.',
        );
      }
    }
  }
}

/** What the scan of an image says is about the service that runs it. */
function assembleOfImages(
  { jobs, draft }: Repository,
  deployments: readonly Deployment[],
): void {
  for (const job of jobs) {
    const { key, workflow } = job;
    const running = new Set(
      deployments
        .filter(one => one.build === key && one.job.workflow === workflow)
        .map(({ service }) => service),
    );
    const [service, ...others] = running;
    for (const { value, leaves } of entitiesOf(job)) {
      if (service && others.length === 0 && !value.includes(' ')) {
        draft.set(['spec', 'services', service, 'entity'], { value, leaves });
      }
    }
  }
}
