import { AuditorService } from '@backstage/backend-plugin-api';
import { AuthenticationError, InputError } from '@backstage/errors';
import { Provenance } from '@vvp/backstage-plugin-deploy-common';
import { Request, Response, Router, text } from 'express';
import PromiseRouter from 'express-promise-router';
import { auditRefusal, auditReport } from '../auth/audit';
import { TestReport } from '../formats/types';
import { ApiKeys } from './ApiKeys';
import { DeploymentTestsStore } from './DeploymentTestsStore';
import { DeploymentTestsPayload, parsePayload } from './payload';
import { servicesByUrl } from './servicesByUrl';
import { toDeploymentTests } from './toDeploymentTests';

const PATH = '/admin/deployment-tests';
const MAX_BODY = '1mb';
const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100;

/** A result as evidence of one service. */
export interface DeploymentTestsEvidence {
  serviceId: string;
  commit: string;
  environment: string;
  suite: string;
  mode: string;
  report: TestReport;
  digest: string;
  provenance: Provenance;
  receivedAt: Date;
}

/** What the routes need. */
export interface DeploymentTestsOptions {
  keys: ApiKeys;
  store: DeploymentTestsStore;
  auditor: AuditorService;
  /** Keeps evidence; the same twice is one. */
  evidence: {
    record(
      evidence: DeploymentTestsEvidence,
    ): Promise<{ id: string; created: boolean }>;
  };
  /** Is told of evidence that is new. */
  onEvidence?: (evidence: {
    serviceId: string;
    entityRef: string;
    repository: string;
    commit: string;
    evidenceId: string;
  }) => void | Promise<void>;
}

/**
 * The endpoint that VVP's pipeline posts the results of its tests after a deployment to, guarded by
 * API keys of its own. Has to come before anything that reads bodies, and needs no Backstage token.
 */
export function deploymentTestsRoutes(options: DeploymentTestsOptions): Router {
  const router = PromiseRouter();

  router.post(PATH, async (request, response) => {
    const name = await senderOf(request, options);
    const { created, ...answer } = await auditReport(
      options.auditor,
      {
        eventId: 'deployment-tests',
        request,
        provenance: { kind: 'api-key', name },
        facts: {},
      },
      async note => {
        const payload = parsePayload(await readBody(request, response));
        note({ commit: payload.git_sha, passed: payload.passed });
        return receive(payload, name, options);
      },
    );
    response.status(created ? 201 : 200).json(answer);
  });

  router.get(PATH, async (request, response) => {
    await senderOf(request, options);
    response.json({
      results: await options.store.list(limitOf(request.query.limit)),
    });
  });

  return router;
}

/** Name of the key that came with a request. */
async function senderOf(
  request: Request,
  { keys, auditor }: DeploymentTestsOptions,
): Promise<string> {
  const key = request.get('x-api-key');
  const name = keys.nameOf(key);
  if (name !== undefined) {
    return name;
  }
  const error = new AuthenticationError(
    key
      ? 'The key in the header X-API-Key is not known here. Use one of deploy.deploymentTests.keys in app-config.'
      : 'The header X-API-Key is missing. Send one of the keys of deploy.deploymentTests.keys in app-config.',
  );
  await auditRefusal(auditor, {
    eventId: 'deployment-tests',
    request,
    facts: {},
    error,
  });
  throw error;
}

async function receive(
  sent: DeploymentTestsPayload,
  keyName: string,
  { store, evidence, onEvidence }: DeploymentTestsOptions,
) {
  const { environments, unmatched } = servicesByUrl(
    sent,
    await store.environments(),
  );
  const commit = await fullCommit(
    sent.git_sha,
    environments.map(one => one.serviceId),
    store,
  );
  const payload = { ...sent, git_sha: commit };
  const { suite, mode, ...report } = toDeploymentTests(payload);
  const digest = await store.digestOf(payload);
  const receivedAt = new Date();
  const recorded = [];
  for (const {
    serviceId,
    entityRef,
    environment,
    repository,
  } of environments) {
    const { id, created } = await evidence.record({
      serviceId,
      commit,
      environment,
      suite,
      mode,
      report,
      digest,
      provenance: { kind: 'api-key', name: keyName },
      receivedAt,
    });
    if (created) {
      await onEvidence?.({
        serviceId,
        entityRef,
        repository,
        commit,
        evidenceId: id,
      });
    }
    recorded.push({ id, entityRef, environment, created });
  }
  // Last, so that a post that broke off half way finds what it has already done.
  const result = await store.add({ payload, digest, keyName, receivedAt });
  return {
    ...result,
    created: recorded.some(one => one.created),
    evidence: recorded,
    unmatched,
  };
}

/** A short SHA is taken if there is exactly one release that it can mean. */
async function fullCommit(
  sha: string,
  serviceIds: readonly string[],
  store: DeploymentTestsStore,
): Promise<string> {
  if (sha.length === 40 || sha.length === 64) {
    return sha;
  }
  const commits = await store.commitsBeginning(sha, serviceIds);
  if (commits.length !== 1) {
    throw new InputError(
      `git_sha: ${sha} is not the whole SHA, and ${
        commits.length === 0 ? 'no' : 'more than one'
      } release of the services begins so. Post the whole one: \${{ github.sha }}.`,
    );
  }
  return commits[0];
}

const readText = text({ type: () => true, limit: MAX_BODY });

async function readBody(request: Request, response: Response): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    readText(request, response, error => (error ? reject(error) : resolve()));
  });
  return typeof request.body === 'string' ? request.body : '';
}

function limitOf(value: unknown): number {
  if (value === undefined) {
    return DEFAULT_LIMIT;
  }
  const limit = Number(value);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    throw new InputError(
      `limit: has to be a whole number from 1 to ${MAX_LIMIT}.`,
    );
  }
  return limit;
}
