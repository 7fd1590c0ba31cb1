import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { StepControl } from '@vvp/backstage-plugin-deploy-node';
import { oneDatabase } from '../__testUtils__/oneDatabase';
import { recordingAuditor } from '../evidence/auth/__testUtils__/recordingAuditor';
import { rollback, startIssuer } from './__testUtils__/startIssuer';
import { AuditedRestrictions } from './AuditedRestrictions';
import { keepingPlan } from './engine/__testUtils__/engineFixture';
import { RunningOperation, StepRunner } from './engine/types';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

/** Of the steps after the proof: other audits have to succeed. */
const AFTER_PROOF = ['quarantine-set', 'hold-set'];

const broken = () => Promise.reject(new Error('The audit log is full.'));

describe.each(oneDatabase(databases))('a rollback on %s', databaseId => {
  let issuer: Awaited<ReturnType<typeof startIssuer>>;

  beforeEach(async () => {
    issuer = await startIssuer({ databases, databaseId });
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await issuer.backend.stop();
  });

  it.each([
    ['takes no event', broken],
    [
      'takes no end of an event',
      async () => ({ success: broken, fail: broken }),
    ],
  ])('that is proven stands when the auditor %s', async (_case, answer) => {
    const createEvent = issuer.auditor.createEvent.bind(issuer.auditor);
    jest
      .spyOn(issuer.auditor, 'createEvent')
      .mockImplementation(event =>
        AFTER_PROOF.includes(event.eventId) ? answer() : createEvent(event),
      );

    const { body } = await issuer.backend.post('/rollbacks', rollback);
    const operation = await issuer.ended(body.id);

    expect(operation).toMatchObject({ status: 'succeeded', outcome: 'done' });
    expect(operation.failure).toBeUndefined();
    expect(issuer.platform.changes).toEqual(['switch issuer--2']);
    expect((await issuer.production()).hold).toMatchObject({
      reason: rollback.reason,
    });
  });

  it('that failed is not cancelled while it is undone', async () => {
    const { platform, backend } = issuer;
    let undo = () => {};
    const undoing = new Promise<void>(resolve => {
      undo = resolve;
    });
    // Doing it fails at once, undoing it waits.
    platform.failures.push({ method: 'switch', kind: 'denied' });
    let switches = 0;
    Object.defineProperty(platform, 'gate', {
      get: () => {
        switches += 1;
        return switches === 1 ? Promise.resolve() : undoing;
      },
    });
    const { body } = await backend.post('/rollbacks', rollback);
    let status = '';
    while (status !== 'failed') {
      const { body: now } = await backend.get(`/operations/${body.id}`);
      status = now.steps.find(
        ({ name }: { name: string }) => name === 'switch',
      ).status;
    }

    const cancelled = await backend.post(`/operations/${body.id}/cancel`, {});
    undo();
    const operation = await issuer.ended(body.id);

    expect(cancelled.status).toBe(409);
    expect(cancelled.body.error.message).toMatch(
      /too late to cancel.*being undone/,
    );
    expect(operation).toMatchObject({
      status: 'failed',
      outcome: 'as-before',
      failure: { message: 'The platform says denied.' },
    });
    expect(operation.cancelRequested).toBeUndefined();
  });
});

describe('AuditedRestrictions', () => {
  const operation = {
    id: 'operation-1',
    requestedBy: 'user:default/dana',
    automatic: false,
    context: {},
    environmentId: 'environment-1',
  } as RunningOperation;
  const [step] = keepingPlan('set-hold');
  const control = {} as StepControl;
  const logger = mockServices.logger.mock();

  function runnerThat(execute: StepRunner['execute']): StepRunner {
    return { execute, compensate: async () => {} };
  }

  it('does not wait for an auditor that never answers', async () => {
    const runner = new AuditedRestrictions({
      runner: runnerThat(async () => ({ skipped: false })),
      auditor: { createEvent: () => new Promise(() => {}) },
      logger,
      auditMs: 1,
    });

    const answer = await runner.execute(operation, step, control);

    expect(answer).toEqual({ skipped: false });
    expect(logger.error).toHaveBeenCalledWith(
      'What an operation keeps out could not be audited',
      expect.objectContaining({ operation: 'operation-1', step: 'set-hold' }),
    );
  });

  it('audits a step that fails, and lets its error through', async () => {
    const auditor = recordingAuditor();
    const runner = new AuditedRestrictions({
      runner: runnerThat(() => Promise.reject(new Error('No database.'))),
      auditor,
      logger,
    });

    await expect(runner.execute(operation, step, control)).rejects.toThrow(
      'No database.',
    );
    expect(auditor.events).toMatchObject([
      { eventId: 'hold-set', status: 'failed', error: 'No database.' },
    ]);
  });
});
