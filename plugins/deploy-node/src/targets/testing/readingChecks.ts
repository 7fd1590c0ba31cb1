import { Subject } from './Subject';
import { TargetCheck } from './TargetCheck';

const healthStates = ['healthy', 'degraded', 'unhealthy', 'unknown'];

/** Names that somebody with bad intentions may ask for. */
const hostileNames = [
  '',
  '../../etc/passwd',
  '$(reboot)',
  '`reboot`',
  "'; reboot; '",
  'a/b?c#d',
  'x'.repeat(5_000),
  'line\nbreak',
  'nul\0',
];

/** A target reads, and changes nothing by it. */
export const readingChecks: TargetCheck[] = [
  {
    title: 'describes itself without the platform',
    async run({ target, environment }) {
      const first = target.describe(environment);

      expect(first.lockKey.startsWith(`${target.type}:`)).toBe(true);
      expect(first.lockKey.length).toBeLessThanOrEqual(500);
      expect(first.resource).toMatch(/\S/);
      expect(target.describe(environment)).toEqual(first);
    },
  },
  {
    title: 'lists its own revisions, and says which one serves',
    async run(subject) {
      const { target, environment, harness, signal } = subject;
      const revisions = await target.revisions(environment, signal);
      const ids = revisions.map(revision => revision.id);
      const { current, previous, older, gone, foreign } = harness.revisions;

      expect(ids).toEqual(expect.arrayContaining([current, previous, older]));
      expect(ids).not.toContain(gone);
      expect(ids).not.toContain(foreign);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.length).toBeLessThanOrEqual(100);
      expect(
        revisions.filter(revision => revision.current).map(({ id }) => id),
      ).toEqual([current]);
      const running = await target.currentRevision(environment, signal);
      expect(running).toMatchObject({ id: current, current: true });
      expect(await harness.changes()).toBe(0);
    },
  },
  {
    title: 'lists the newest revision first',
    async run({ target, environment, signal }) {
      const times = (await target.revisions(environment, signal)).flatMap(
        ({ createdAt }) => (createdAt ? Date.parse(createdAt) : []),
      );

      expect(times).not.toContain(NaN);
      expect(times).toEqual([...times].sort((left, right) => right - left));
    },
  },
  {
    title: 'verifies what serves, and what does not',
    async run(subject) {
      const { target, environment, harness, signal } = subject;
      const { current, previous } = harness.revisions;

      await subject.expectServing(current);
      const other = await target.verify(environment, previous, signal);
      expect(other).toMatchObject({ inPlace: false, serving: current });
    },
  },
  {
    title: 'tells health and diagnostics',
    async run({ target, environment, harness, signal }) {
      const health = await target.health(environment, signal);
      const told = await target.diagnostics(environment, signal);

      expect(healthStates).toContain(health.state);
      expectDiagnostics(told);
      expect(await harness.changes()).toBe(0);
    },
  },
  {
    title: 'says in its diagnostics what it may not read',
    async run({ target, environment, harness, signal }) {
      await harness.faults.rejectCredentials();

      const told = await target.diagnostics(environment, signal);

      expectDiagnostics(told);
      expect(told.problems.length).toBeGreaterThan(0);
    },
  },
  {
    title: 'plans without changing anything',
    async run(subject) {
      const { harness } = subject;
      const plan = await subject.plan(harness.revisions.previous);
      const names = plan.steps.map(step => step.name);

      expect(plan.alreadyThere).toBe(false);
      expect(plan.from?.id).toBe(harness.revisions.current);
      expect(plan.to?.id).toBe(harness.revisions.previous);
      expect(plan.steps.length).toBeGreaterThan(0);
      expect(new Set(names).size).toBe(names.length);
      for (const { name, title, input } of plan.steps) {
        expect(name).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
        expect(title).toMatch(/\S/);
        expect(JSON.parse(JSON.stringify(input))).toEqual(input);
      }
      expect(await harness.changes()).toBe(0);
    },
  },
  {
    title: 'has nothing to do for the revision that serves',
    async run(subject) {
      const { current } = subject.harness.revisions;
      const plan = await subject.plan(current);

      expect(plan).toMatchObject({ alreadyThere: true, steps: [] });
      expect(await subject.harness.changes()).toBe(0);
      await subject.expectServing(current);
    },
  },
  ...(['gone', 'foreign'] as const).map(which => ({
    title: `refuses a revision that is ${which}`,
    async run(subject: Subject) {
      const { revisions } = subject.harness;

      await subject.expectKind(subject.plan(revisions[which]), ['not-found']);
      expect(await subject.harness.changes()).toBe(0);
      await subject.expectServing(revisions.current);
    },
  })),
  {
    title: 'refuses names that are none',
    async run(subject) {
      for (const name of hostileNames) {
        await subject.expectKind(subject.plan(name), ['not-found', 'invalid']);
      }
      expect(await subject.harness.changes()).toBe(0);
      await subject.expectServing(subject.harness.revisions.current);
    },
  },
];

function expectDiagnostics(
  told: Awaited<ReturnType<Subject['target']['diagnostics']>>,
): void {
  expect(healthStates).toContain(told.health.state);
  for (const { label, value } of told.facts) {
    expect([typeof label, typeof value]).toEqual(['string', 'string']);
  }
  for (const event of told.events) {
    expect(['info', 'warn', 'error']).toContain(event.level);
    expect(typeof event.message).toBe('string');
  }
  for (const { source, lines } of told.logs) {
    expect(source).toMatch(/\S/);
    expect(lines.length).toBeLessThanOrEqual(1_000);
  }
  expect(told.problems.every(problem => /\S/.test(problem))).toBe(true);
  expect(JSON.stringify(told).length).toBeLessThan(1024 * 1024);
}
