import {
  AuditorService,
  HttpAuthService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { Config } from '@backstage/config';
import { ScmIntegrationRegistry } from '@backstage/integration';
import { Router } from 'express';
import { Knex } from 'knex';
import { GithubClients } from '../github/GithubClients';
import { repositoryPage } from '../github/repositoryPage';
import { Authorizer } from '../permissions/Authorizer';
import { ServiceStore } from '../store/ServiceStore';
import { SpecStore } from '../store/SpecStore';
import { readOidcIssuers } from './auth/oidcConfig';
import { OidcVerifier } from './auth/OidcVerifier';
import { GithubPullRequests } from './auth/pullRequests';
import { ReportAuthenticator } from './auth/ReportAuthenticator';
import { ApiKeys } from './deploymentTests/ApiKeys';
import { deploymentTestsRoutes } from './deploymentTests/deploymentTestsRoutes';
import { DeploymentTestsStore } from './deploymentTests/DeploymentTestsStore';
import { parseReport } from './formats/parseReport';
import { EvidenceReader } from './reading/EvidenceReader';
import { ThresholdsOf, TrendReader } from './reading/trends/TrendReader';
import { ReportReceiver } from './receive/ReportReceiver';
import { ReportTargets } from './receive/ReportTargets';
import { EvidenceChange, EvidenceStore } from './store/EvidenceStore';

/** What takes reports in, keeps them and reads them. */
export interface EvidenceParts {
  store: EvidenceStore;
  reader: EvidenceReader;
  trends: TrendReader;
  receiver: ReportReceiver;
  /** The endpoint that VVP's pipeline posts its results to. */
  deploymentTests: Router;
}

/** Puts together everything about reports. */
export function assembleEvidence(options: {
  knex: Knex;
  config: Config;
  httpAuth: HttpAuthService;
  auditor: AuditorService;
  logger: LoggerService;
  authorizer: Authorizer;
  github: GithubClients;
  integrations: ScmIntegrationRegistry;
  services: ServiceStore;
  specs: SpecStore;
  /** Limits to be drawn into charts. */
  thresholdsOf: ThresholdsOf;
  /** Called when a report came in or was deleted. */
  onEvidence: (change: EvidenceChange) => Promise<void> | void;
}): EvidenceParts {
  const { knex, auditor, authorizer, logger, services, specs } = options;
  const store = new EvidenceStore(knex);
  const authenticator = new ReportAuthenticator({
    httpAuth: options.httpAuth,
    auditor,
    authorizer,
    verifier: new OidcVerifier({
      issuers: readOidcIssuers(options.config),
      logger,
    }),
    pulls: new GithubPullRequests({
      github: options.github,
      urlOf: repository => repositoryPage(services, repository),
      logger,
    }),
  });
  const receiver = new ReportReceiver({
    targets: new ReportTargets({
      knex,
      services,
      specs,
      integrations: options.integrations,
    }),
    authenticator,
    parse: parseReport,
    store,
    auditor,
    logger,
    onEvidence: options.onEvidence,
  });
  return {
    store,
    reader: new EvidenceReader(knex),
    trends: new TrendReader({ knex, thresholdsOf: options.thresholdsOf }),
    receiver,
    deploymentTests: deploymentTestsRoutes({
      keys: ApiKeys.fromConfig(options.config),
      store: new DeploymentTestsStore(knex),
      auditor,
      evidence: store,
      onEvidence: change => receiver.tell(change),
    }),
  };
}
