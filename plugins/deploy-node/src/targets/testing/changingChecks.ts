import { Subject } from './Subject';
import { TargetCheck } from './TargetCheck';

/** A target puts a revision back, whatever the platform does meanwhile. */
export const changingChecks: TargetCheck[] = [
  ...(['previous', 'older'] as const).map(which => ({
    title: `puts the ${which} revision back`,
    async run(subject: Subject) {
      await expectRolledBack(subject, subject.harness.revisions[which]);
    },
  })),
  {
    title: 'gets back and forth',
    async run(subject) {
      const { current, previous } = subject.harness.revisions;

      await expectRolledBack(subject, previous);
      await expectRolledBack(subject, current);
    },
  },
  {
    title: 'restarts what serves, if it can',
    async run(subject) {
      const { target, environment, harness, signal } = subject;
      const { canRestart } = target.describe(environment);

      expect(typeof target.planRestart).toBe(
        canRestart ? 'function' : 'undefined',
      );
      const plan = await target.planRestart?.(environment, signal);
      if (plan) {
        expect(plan.steps.length).toBeGreaterThan(0);
        expect((await subject.drive(plan)).outcome).toBe('done');
      }
      await subject.expectServing(harness.revisions.current);
    },
  },
  {
    title: 'changes nothing where it may not',
    async run(subject) {
      const { harness } = subject;
      const plan = await subject.plan(harness.revisions.previous);
      await harness.faults.denyChanges();

      const result = await subject.drive(plan);

      expect(result.kinds).toContain('denied');
      expect(result.outcome).toBe('as-before');
      expect(result.error?.message).toMatch(/\S/);
      await subject.expectServing(harness.revisions.current);
    },
  },
  {
    title: 'asks for credentials, and goes on when there are some',
    async run(subject) {
      const { target, environment, harness, signal } = subject;
      const plan = await subject.plan(harness.revisions.previous);
      await harness.faults.rejectCredentials();
      await subject.expectKind(target.currentRevision(environment, signal), [
        'credentials',
      ]);

      const result = await subject.drive(plan, {
        onParked: () => harness.faults.clear(),
      });

      expect(result.kinds).toContain('credentials');
      expect(result.outcome).toBe('done');
      await subject.expectServing(harness.revisions.previous);
    },
  },
  {
    title: 'gets back to what served if the revision never becomes healthy',
    async run(subject) {
      const { harness } = subject;
      const { current, previous } = harness.revisions;
      const plan = await subject.plan(previous);
      await harness.faults.neverHealthy(previous);

      let result = await subject.drive(plan);
      if (result.outcome === 'done') {
        // Not seen by the steps, it has to be seen by the verification that follows them.
        const seen = await subject.verify(previous);
        expect(seen.health.state).not.toBe('healthy');
        result = await subject.drive(plan, { failAfter: plan.steps.length });
      }

      expect(result.undoError).toBeUndefined();
      expect(result.outcome).toBe('as-before');
      await subject.expectServing(current);
    },
  },
  {
    title: 'gets through when it is throttled',
    async run(subject) {
      const { harness } = subject;
      const plan = await subject.plan(harness.revisions.previous);
      await harness.faults.throttle(3);

      const result = await subject.drive(plan);

      expect(result.error).toBeUndefined();
      expect(result.outcome).toBe('done');
      await subject.expectServing(harness.revisions.previous);
    },
  },
  {
    title: 'gets through when the connection is cut in the middle of a change',
    async run(subject) {
      const { harness } = subject;
      const plan = await subject.plan(harness.revisions.previous);
      await harness.faults.cutNextChange();

      const result = await subject.drive(plan);

      expect(result.error).toBeUndefined();
      expect(result.outcome).toBe('done');
      await subject.expectServing(harness.revisions.previous);
    },
  },
  {
    title: 'is not fooled by a pipeline that deploys meanwhile',
    async run(subject) {
      const { target, environment, harness, signal } = subject;
      if (!harness.push) {
        return;
      }
      const { previous } = harness.revisions;
      await subject.drive(await subject.plan(previous));

      const pushed = await harness.push();

      expect(await harness.serving()).toBe(pushed);
      expect(await target.verify(environment, previous, signal)).toMatchObject({
        inPlace: false,
        serving: pushed,
      });
      await expectRolledBack(subject, previous);
    },
  },
];

async function expectRolledBack(
  subject: Subject,
  revision: string,
): Promise<void> {
  const result = await subject.drive(await subject.plan(revision));

  expect(result.error).toBeUndefined();
  expect(result.outcome).toBe('done');
  await subject.expectServing(revision);
}
