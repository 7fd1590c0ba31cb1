import {
  ConflictError,
  InputError,
  NotAllowedError,
  NotFoundError,
} from '@backstage/errors';
import {
  CommitRange,
  DeployApi,
  EnvironmentOverview,
  Hold,
  Lock,
  Operation,
  OperationFilter,
  OperationSummary,
  Page,
  Quarantine,
  RevisionList,
  RevisionQuarantine,
  RollbackPreview,
  RollbackRequest,
  StartedOperation,
  TargetDiagnostics,
} from '@vvp/backstage-plugin-deploy-common';
import {
  sampleDiagnostics,
  sampleOperation,
  sampleRevisions,
  sampleStep,
} from '../src/__testUtils__/operationSamples';
import {
  operationOf,
  operationStates,
  previewOf,
  revisionsOf,
} from './rollbackScenarios';

type OperationsApi = Pick<
  DeployApi,
  | 'listRevisions'
  | 'getDiagnostics'
  | 'previewRollback'
  | 'rollBack'
  | 'redeploy'
  | 'restart'
  | 'rerunFailedJobs'
  | 'rerunTests'
  | 'getOperation'
  | 'listOperations'
  | 'cancelOperation'
  | 'setHold'
  | 'liftHold'
  | 'lockEnvironment'
  | 'unlockEnvironment'
  | 'listLocks'
  | 'quarantineRelease'
  | 'liftQuarantine'
  | 'quarantineRevision'
  | 'liftRevisionQuarantine'
  | 'listCommits'
>;

const me = 'user:default/guest';
const stepSeconds = 4;
const liveSteps = [
  ['stop-runs', 'Stop the runs that are under way'],
  ['activate', 'Activate vvp-verifier--0000008'],
  ['shift', 'Shift the traffic to vvp-verifier--0000008'],
  ['deactivate', 'Deactivate vvp-verifier--0000009'],
  ['verify', 'Verify that it serves'],
];

const missingApp = {
  message:
    'Could not read container app vvp-verifier: Azure does not know it (ResourceNotFound).',
  remedy: 'Check subscription, resource group and name in deploy.yaml.',
};

interface Live {
  part: Partial<Operation>;
  begun: number;
  cancelled?: number;
}

/** What can be done to the environments of the gallery; a reason with "refuse" in it is refused. */
export class GalleryOperations implements OperationsApi {
  readonly #live = new Map<string, Live>();
  readonly #locks = new Map<string, Lock | undefined>();
  readonly #holds = new Map<string, Hold | undefined>();

  async listRevisions(entityRef: string): Promise<RevisionList> {
    const name = nameOf(entityRef);
    await failAs(name);
    return {
      ...sampleRevisions(revisionsOf(name)),
      ...(name === 'rollback-nothing' && { missing: missingApp }),
    };
  }

  async getDiagnostics(entityRef: string): Promise<TargetDiagnostics> {
    await failAs(nameOf(entityRef));
    return sampleDiagnostics({
      problems: ['Logs: this needs the role Log Analytics Reader.'],
    });
  }

  async previewRollback(
    rollback: Pick<RollbackRequest, 'entityRef' | 'environment' | 'revision'>,
  ): Promise<RollbackPreview> {
    const { entityRef, environment, revision } = rollback;
    await new Promise(settle => setTimeout(settle, 400));
    const found = revisionsOf(nameOf(entityRef)).find(
      ({ id }) => id === revision,
    );
    if (!found) {
      throw new NotFoundError(
        `There is no revision ${revision} any more. Choose another one.`,
      );
    }
    return previewOf(entityRef, environment, found);
  }

  async rollBack(rollback: RollbackRequest): Promise<StartedOperation> {
    if (nameOf(rollback.entityRef) === 'rollback-busy') {
      throw new ConflictError(
        'A restart of this service is under way here: operation live. Wait for its end, or cancel it.',
      );
    }
    return this.#start(rollback, {
      kind: 'rollback',
      to: { revision: rollback.revision },
    });
  }

  async redeploy(
    entityRef: string,
    environment: string,
    request: { commit?: string; reason: string },
  ): Promise<StartedOperation> {
    return this.#start(
      { entityRef, environment, ...request },
      request.commit
        ? { kind: 'redeploy', to: { commit: request.commit } }
        : { kind: 'force-deploy', to: undefined },
    );
  }

  async restart(
    entityRef: string,
    environment: string,
    request: { reason: string; confirm?: string },
  ): Promise<StartedOperation> {
    const name = nameOf(entityRef);
    if (environment === 'production' && request.confirm !== name) {
      throw new InputError(`confirm: type ${name} to restart production.`);
    }
    return this.#start(
      { entityRef, environment, ...request },
      { kind: 'restart', from: undefined, to: undefined },
    );
  }

  async rerunFailedJobs(
    _deploymentId: string,
    { reason }: { reason: string },
  ): Promise<StartedOperation> {
    const service = window.location.pathname.split('/')[4];
    return this.#start(
      {
        entityRef: `component:default/${service}`,
        environment: 'production',
        reason,
      },
      { kind: 'rerun', from: undefined },
    );
  }

  async rerunTests(
    entityRef: string,
    environment: string,
  ): Promise<StartedOperation> {
    return this.#start(
      { entityRef, environment, reason: '' },
      {
        kind: 'rerun-tests',
        from: undefined,
        to: undefined,
        reason: undefined,
      },
    );
  }

  async getOperation(id: string): Promise<Operation> {
    const service = window.location.pathname.split('/')[4];
    const entityRef = `component:default/${service}`;
    const found = operationOf(id, entityRef);
    if (found) {
      return found;
    }
    if (id === 'live' && !this.#live.has(id)) {
      this.#live.set(id, { begun: Date.now(), part: { id, entityRef } });
    }
    const live = this.#live.get(id);
    if (!live) {
      throw new NotFoundError(`No operation ${id}`);
    }
    return play(live);
  }

  async listOperations(
    entityRef: string,
    filter: OperationFilter = {},
  ): Promise<Page<OperationSummary>> {
    const known = operationStates
      .map(id => operationOf(id, entityRef))
      .concat([...this.#live.values()].map(play).reverse())
      .filter(each => each !== undefined)
      .filter(
        each => !filter.status?.length || filter.status.includes(each.status),
      );
    return { items: known.slice(0, filter.limit ?? 20) };
  }

  async cancelOperation(id: string): Promise<Operation> {
    const live = this.#live.get(id);
    if (!live) {
      throw new NotAllowedError(
        'This needs the permission deploy.operate for this environment.',
      );
    }
    live.cancelled ??= Date.now();
    return play(live);
  }

  async setHold(
    entityRef: string,
    environment: string,
    { reason }: { reason: string },
  ): Promise<Hold> {
    refuse(reason);
    const hold = { by: me, reason, since: new Date().toISOString() };
    this.#holds.set(`${entityRef}#${environment}`, hold);
    return hold;
  }

  async liftHold(entityRef: string, environment: string): Promise<void> {
    this.#holds.set(`${entityRef}#${environment}`, undefined);
  }

  async lockEnvironment(
    entityRef: string,
    environment: string,
    request: { reason: string; expiresAt?: string },
  ): Promise<Lock> {
    refuse(request.reason);
    const lock = {
      id: 'lock',
      entityRef,
      environment,
      owner: me,
      since: new Date().toISOString(),
      ...request,
    };
    this.#locks.set(`${entityRef}#${environment}`, lock);
    return lock;
  }

  async unlockEnvironment(
    entityRef: string,
    environment: string,
  ): Promise<void> {
    this.#locks.set(`${entityRef}#${environment}`, undefined);
  }

  async listLocks(): Promise<Page<Lock>> {
    return {
      items: [...this.#locks.values()].filter(each => each !== undefined),
    };
  }

  async quarantineRelease(
    _releaseId: string,
    { reason }: { reason: string },
  ): Promise<Quarantine> {
    refuse(reason);
    throw new ConflictError('The gallery keeps no quarantine.');
  }

  async liftQuarantine(): Promise<void> {}

  async quarantineRevision(
    _entityRef: string,
    _environment: string,
    _revision: string,
    { reason }: { reason: string },
  ): Promise<RevisionQuarantine> {
    refuse(reason);
    throw new ConflictError('The gallery keeps no quarantine.');
  }

  async liftRevisionQuarantine(): Promise<void> {}

  async listCommits(
    _entityRef: string,
    range: { from: string; to: string },
  ): Promise<CommitRange> {
    return { ...range, state: 'unknown', direction: 'backward', commits: [] };
  }

  /** An environment with what was done to it since the page was loaded. */
  protected changed(
    entityRef: string,
    environment: EnvironmentOverview,
  ): EnvironmentOverview {
    const key = `${entityRef}#${environment.name}`;
    return {
      ...environment,
      ...(this.#locks.has(key) && { lock: this.#locks.get(key) }),
      ...(this.#holds.has(key) && { hold: this.#holds.get(key) }),
    };
  }

  #start(
    asked: { entityRef: string; environment: string; reason: string },
    part: Partial<Operation>,
  ): StartedOperation {
    refuse(asked.reason);
    const id = `started-${this.#live.size + 1}`;
    const { entityRef, environment, reason } = asked;
    this.#live.set(id, {
      begun: Date.now(),
      part: { id, entityRef, environment, reason, requestedBy: me, ...part },
    });
    return { id };
  }
}

function play({ part, begun, cancelled }: Live): Operation {
  const end = cancelled ?? Date.now();
  const passed = (end - begun) / 1000;
  const finished = begun + liveSteps.length * stepSeconds * 1000;
  const at = (index: number) =>
    new Date(begun + index * stepSeconds * 1000).toISOString();
  const steps = liveSteps.map(([name, title], index) => {
    const own = passed - index * stepSeconds;
    const done = own >= stepSeconds;
    const begunStep = own >= 0;
    const worked: 'succeeded' | 'running' = done ? 'succeeded' : 'running';
    const live = begunStep ? worked : 'pending';
    const stopped = begunStep ? 'compensated' : 'skipped';
    return sampleStep({
      name,
      title,
      status: cancelled ? stopped : live,
      attempts: begunStep ? 1 : 0,
      startedAt: begunStep ? at(index) : undefined,
      finishedAt: done ? at(index + 1) : undefined,
      log: Array.from(
        { length: begunStep ? Math.min(30, Math.ceil(own * 7)) : 0 },
        (_unused, line) => ({
          sequence: line + 1,
          at: at(index),
          level: line % 9 === 8 ? ('warn' as const) : ('info' as const),
          text: `${title}: the platform answered ${line + 1} times`,
        }),
      ),
    });
  });
  const over = Date.now() >= finished;
  return sampleOperation({
    ...part,
    createdAt: new Date(begun).toISOString(),
    startedAt: new Date(begun).toISOString(),
    status: 'running',
    steps,
    ...(over && {
      status: 'succeeded',
      outcome: 'done',
      finishedAt: new Date(finished).toISOString(),
    }),
    ...(cancelled && {
      status: 'cancelled',
      outcome: 'as-before',
      finishedAt: new Date(cancelled).toISOString(),
      cancelRequested: { by: me, at: new Date(cancelled).toISOString() },
    }),
  });
}

function nameOf(entityRef: string): string {
  return entityRef.split('/')[1];
}

function refuse(reason: string): void {
  if (reason.includes('refuse')) {
    throw new NotAllowedError(
      'This needs a permission that you do not have for this environment.',
    );
  }
}

async function failAs(name: string): Promise<void> {
  if (name === 'rollback-platform-loading') {
    await new Promise(() => undefined);
  }
  if (name === 'rollback-platform-error') {
    throw new Error(
      'Azure does not answer: connection timed out after 30 s. It is asked again with the next try.',
    );
  }
}
