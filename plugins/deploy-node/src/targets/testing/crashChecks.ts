import { DriveOptions } from './drivePlan';
import { Subject } from './Subject';
import { TargetCheck } from './TargetCheck';

/** A process that drives a target may die at any moment; another one goes on from the beginning of the step. */
export const crashChecks: TargetCheck[] = [
  {
    title: 'comes to the same end when each step is done twice',
    async run(subject) {
      const { previous } = subject.harness.revisions;

      const result = await subject.drive(await subject.plan(previous), {
        twice: true,
      });

      expect(result.error).toBeUndefined();
      expect(result.outcome).toBe('done');
      await subject.expectServing(previous);
    },
  },
  {
    title: 'undoes what was done, wherever it fails',
    async run(subject, renew) {
      await subjectsForEachStep(subject, renew, async (fresh, failAfter) => {
        await expectUndone(fresh, { failAfter });
      });
    },
  },
  {
    title: 'comes to the same end when each step is undone twice',
    async run(subject, renew) {
      await subjectsForEachStep(subject, renew, async (fresh, failAfter) => {
        await expectUndone(fresh, { failAfter, twice: true });
      });
    },
  },
  {
    title: 'survives the death of the process at any moment',
    async run(subject, renew) {
      const { previous } = subject.harness.revisions;
      const { moments } = await subject.drive(await subject.plan(previous));

      expect(moments).toBeGreaterThan(0);
      for (const dieAt of subject.deaths(1, moments)) {
        const fresh = await renew();
        const plan = await fresh.plan(fresh.harness.revisions.previous);
        const result = await fresh.drive(plan, { dieAt });
        expect({ dieAt, error: result.error }).toEqual({ dieAt });
        await fresh.expectServing(fresh.harness.revisions.previous);
      }
    },
  },
  {
    title: 'survives the death of the process at any moment of undoing',
    async run(subject, renew) {
      const { previous } = subject.harness.revisions;
      const plan = await subject.plan(previous);
      const failAfter = plan.steps.length;
      const { moments, momentsBefore } = await subject.drive(plan, {
        failAfter,
      });

      expect(moments).toBeGreaterThan(momentsBefore);
      for (const dieAt of subject.deaths(momentsBefore + 1, moments)) {
        await expectUndone(await renew(), { failAfter, dieAt });
      }
    },
  },
];

/** Once for each number of steps after which something may fail. */
async function subjectsForEachStep(
  subject: Subject,
  renew: () => Promise<Subject>,
  work: (fresh: Subject, failAfter: number) => Promise<void>,
): Promise<void> {
  const { previous } = subject.harness.revisions;
  const { steps } = await subject.plan(previous);
  for (let failAfter = 1; failAfter <= steps.length; failAfter++) {
    await work(await renew(), failAfter);
  }
}

async function expectUndone(
  subject: Subject,
  options: DriveOptions,
): Promise<void> {
  const { current, previous } = subject.harness.revisions;
  const result = await subject.drive(await subject.plan(previous), options);

  expect({ ...options, error: result.undoError }).toEqual(options);
  expect(result.outcome).toBe('as-before');
  await subject.expectServing(current);
}
