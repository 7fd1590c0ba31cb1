import {
  PromotionPolicy,
  Readiness,
} from '@vvp/backstage-plugin-deploy-common';
import { KnownEnvironment } from '../targets/TargetEnvironments';

/** What holds the pipeline at an environment, and what to add where nothing does. */
export function seamOf(
  environment: Pick<
    KnownEnvironment,
    'definition' | 'enforced' | 'reviewed' | 'entityRef' | 'name'
  >,
  policy: Pick<PromotionPolicy, 'seam'>,
): { seam: Readiness['seam']; remedy?: string } {
  const { name } = environment;
  if (policy.seam === 'dispatch') {
    if (!environment.definition?.workflows?.deploy?.releaseInput) {
      return {
        seam: 'none',
        remedy: `Add workflows.deploy with releaseInput to ${name} in deploy.yaml, so that the portal can start the deployment.`,
      };
    }
    return environment.reviewed
      ? {
          seam: 'dispatch',
          remedy: `The last run that went into ${name} waited for required reviewers at GitHub, who take no word of the portal: what it starts waits for them after it was approved here. Leave them out of that environment at GitHub (the portal's own rule may stay), or set "seam: review".`,
        }
      : { seam: 'dispatch' };
  }
  if (policy.seam === 'review') {
    return environment.reviewed
      ? { seam: 'review' }
      : {
          seam: 'none',
          remedy: `No run has waited for a reviewer before it went into ${name}. Have the job that deploys name "environment: ${name}", and add required reviewers to that environment at GitHub.`,
        };
  }
  return environment.enforced
    ? { seam: policy.seam }
    : {
        seam: 'none',
        remedy: `No run has asked the portal before it went into ${name}. Have the job that deploys name "environment: ${name}", and add the portal's GitHub App as a deployment protection rule of that environment.`,
      };
}
