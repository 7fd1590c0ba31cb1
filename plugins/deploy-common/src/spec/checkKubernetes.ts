import { PipelineDocument } from './schema';
import { quote } from './suggest';

type Report = (
  path: readonly string[],
  message: string,
  remedy: string,
) => void;

/** Checks how services get to Kubernetes: one way into the cluster, and nothing that no other kind of target knows. */
export function checkKubernetes(
  { spec }: PipelineDocument,
  report: Report,
): void {
  spec.environments.forEach(({ name, deploy }, index) => {
    const { kubernetes } = deploy ?? {};
    const ways = [kubernetes?.cluster, kubernetes?.kubeconfig].filter(Boolean);
    if (kubernetes && ways.length !== 1) {
      report(
        ['spec', 'environments', String(index), 'deploy', 'kubernetes'],
        `${quote(name)} needs either "cluster" or "kubeconfig"`,
        'Keep the one by which a job gets at the cluster.',
      );
    }
  });
  for (const [key, service] of Object.entries(spec.services)) {
    for (const [name, placed] of Object.entries(service.environments)) {
      const { deploy = {}, target } = placed;
      const path = ['spec', 'services', key, 'environments', name, 'deploy'];
      const isHere = target?.type === 'kubernetes';
      if (deploy.secrets && !isHere) {
        report(
          [...path, 'secrets'],
          `"secrets" are for the target kubernetes, and ${quote(
            key,
          )} has another one`,
          'Use {secret: NAME} in "environment".',
        );
      }
      if (deploy.metric && !(isHere && target.strategy === 'canary')) {
        report(
          [...path, 'metric'],
          `"metric" is for the target kubernetes with strategy: canary`,
          'Remove it, or add the strategy to the target.',
        );
      }
      const names = (deploy.secrets ?? []).map(secret => secret.name);
      names.forEach((secret, index) => {
        if (names.indexOf(secret) < index) {
          report(
            [...path, 'secrets', String(index), 'name'],
            `there are two Secrets ${quote(secret)}`,
            'Give each a name of its own.',
          );
        }
      });
    }
  }
}
