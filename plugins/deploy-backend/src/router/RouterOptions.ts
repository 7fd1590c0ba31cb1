import { HttpAuthService } from '@backstage/backend-plugin-api';
import { Authorizer } from '../permissions/Authorizer';
import { DeploymentReader } from '../reading/DeploymentReader';
import { ServiceReader } from '../reading/ServiceReader';
import { ProblemLog } from '../store/ProblemLog';

/** What the routes read from. */
export interface RouterOptions {
  httpAuth: HttpAuthService;
  authorizer: Authorizer;
  services: ServiceReader;
  deployments: DeploymentReader;
  problems: ProblemLog;
}
