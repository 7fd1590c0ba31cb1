import { AuditorService, HttpAuthService } from '@backstage/backend-plugin-api';
import { ConfigurationReader } from '../configuration/ConfigurationReader';
import { EvidenceParts } from '../evidence/assembleEvidence';
import { ChangedCommit } from '../gates/FeedbackLoop';
import { Freezes } from '../freezes/Freezes';
import { Gates } from '../gates/Gates';
import { GateWaivers } from '../gates/GateWaivers';
import { OperationParts } from '../operations/assembleOperations';
import { Authorizer } from '../permissions/Authorizer';
import { PromotionParts } from '../promotions/assemblePromotions';
import { DeploymentReader } from '../reading/DeploymentReader';
import { ServiceReader } from '../reading/ServiceReader';
import { ProblemLog } from '../store/ProblemLog';

/** What the routes read from. */
export interface RouterOptions {
  httpAuth: HttpAuthService;
  auditor: AuditorService;
  authorizer: Authorizer;
  services: ServiceReader;
  deployments: DeploymentReader;
  problems: ProblemLog;
  gates: Pick<Gates, 'of'>;
  waivers: GateWaivers;
  /** A gate may stand otherwise than before. */
  onGatesChanged: (change: ChangedCommit) => Promise<void>;
  configuration: Pick<ConfigurationReader, 'compare'>;
  evidence: EvidenceParts;
  operations: OperationParts;
  promotions: PromotionParts;
  freezes: Freezes;
}
