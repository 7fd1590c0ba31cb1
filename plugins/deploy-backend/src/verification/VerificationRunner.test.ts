import { InputError } from '@backstage/errors';
import { TargetError } from '@vvp/backstage-plugin-deploy-node';
import { VersionServer } from '../version/__testUtils__/versionServer';
import { FakeControl, FakePlatform } from './__testUtils__/FakePlatform';
import { ConfirmInput, confirmStep } from './confirmStep';
import { reapplyTargetSteps } from './reapplyTargetSteps';
import { VerificationRunner } from './VerificationRunner';

const COMMIT = '1f2e3d4c5b6a79880123456789abcdef01234567';

describe('VerificationRunner', () => {
  let server: VersionServer;

  beforeAll(async () => {
    server = await VersionServer.start();
  });

  afterAll(async () => {
    await server.stop();
  });

  function setUp(about: Partial<ConfirmInput> = {}) {
    const platform = new FakePlatform();
    platform.serving = 'old';
    const targetOf = async () => ({
      target: platform.target(),
      environment: platform.environment,
    });
    const runner = new VerificationRunner({
      targetOf,
      reapply: reapplyTargetSteps(targetOf),
      version: {
        allowedHosts: [],
        allowLoopback: true,
        lookup: async () => [{ address: '127.0.0.1', family: 4 }],
      },
    });
    const step = confirmStep({ revision: 'old', ...about }, 300);
    const run = (control: FakeControl) =>
      runner.execute(platform.operation(), step, control);
    return { platform, run };
  }

  const version = {
    commit: COMMIT,
    version: { url: '', commit: '$.git_sha' },
  };
  const withVersion = () => ({
    ...version,
    version: { ...version.version, url: server.url() },
    url: server.url('/'),
  });

  it('confirms after two good looks, with 5 seconds between them', async () => {
    const { platform, run } = setUp();
    const control = new FakeControl();

    const result = await run(control);

    expect(result).toEqual({ output: { serving: 'old', health: 'healthy' } });
    expect(platform.looks).toBe(2);
    expect(control.waits).toEqual([5_000]);
    expect(control.lines).toEqual(['info old serves. Its health is healthy.']);
  });

  it('goes by the platform where the proof by the version address was waived, and says so', async () => {
    server.answer((_request, response) => {
      response.setHeader('Content-Type', 'text/html').end('<h1>Oops</h1>');
    });
    const { run } = setUp({ ...withVersion(), unproven: true });
    const control = new FakeControl();

    const result = await run(control);

    expect(result).toEqual({
      output: {
        serving: 'old',
        health: 'healthy',
        notProven: expect.any(String),
      },
    });
    expect(control.lines.at(-1)).toMatch(
      /^warn Not proven by the version address, which was waived: /,
    );
  });

  it('takes its word where the proof was waived and it has one', async () => {
    server.answerJson({ git_sha: COMMIT });
    const { run } = setUp({ ...withVersion(), unproven: true });

    const result = await run(new FakeControl());

    expect(result.output).toEqual({
      serving: 'old',
      health: 'healthy',
      commit: COMMIT,
    });
  });

  it('asks the service itself, too', async () => {
    server.answerJson({ git_sha: COMMIT.slice(0, 10) });
    const { run } = setUp(withVersion());

    const result = await run(new FakeControl());

    expect(result.output).toEqual({
      serving: 'old',
      health: 'healthy',
      commit: COMMIT.slice(0, 10),
    });
    expect(server.asked).toHaveLength(2);
  });

  it('does not ask the service where nobody knows the commit', async () => {
    server.answerJson({});
    const { run } = setUp({ ...withVersion(), commit: undefined });

    await run(new FakeControl());

    expect(server.asked).toEqual([]);
  });

  it('waits for a health that comes late', async () => {
    const { platform, run } = setUp();
    platform.health = { state: 'unhealthy', reason: 'starting' };
    platform.events.set(11, at => (at.health = { state: 'healthy' }));
    const control = new FakeControl();

    await run(control);

    expect(platform.looks).toBe(12);
    expect(control.lines).toHaveLength(2);
  });

  it('gives up with the last reason when the health never comes', async () => {
    const { platform, run } = setUp({ checks: 4 });
    platform.health = { state: 'unhealthy', reason: 'CrashLoopBackOff' };

    const failure = run(new FakeControl());

    await expect(failure).rejects.toMatchObject({
      name: 'TargetError',
      kind: 'unhealthy',
      message:
        'old could not be confirmed in 4 looks. old serves. Its health is unhealthy: CrashLoopBackOff.',
      remedy: expect.stringMatching('choose another revision'),
    });
    expect(platform.looks).toBe(4);
    expect(platform.done).toEqual([]);
  });

  it.each([
    [
      'another commit',
      { git_sha: 'a'.repeat(40) },
      /runs aaaaaaaaaaaa, not 1f2e3d4c5b6a/,
    ],
    ['no commit', { git_sha: 'dev' }, /is no commit.*deploy\.yaml/],
  ])('gives up when the service tells %s', async (_name, answer, message) => {
    server.answerJson(answer);
    const { platform, run } = setUp({ ...withVersion(), checks: 3 });

    await expect(run(new FakeControl())).rejects.toMatchObject({
      kind: 'unhealthy',
      message: expect.stringMatching(message),
    });
    expect(platform.done).toEqual([]);
  });

  it('puts back what a pipeline displaced, and says so', async () => {
    const { platform, run } = setUp();
    platform.events.set(2, at => (at.serving = 'pushed'));
    const control = new FakeControl();

    await run(control);

    expect(platform.serving).toBe('old');
    expect(platform.done).toEqual(['switch']);
    expect(platform.looks).toBe(5);
    expect(control.lines).toContain(
      'warn Something else was put in place meanwhile. pushed serves, or a part of the traffic goes elsewhere. Its health is healthy. old is put in place again.',
    );
    expect(control.memory).toMatchObject({ reapplied: 1, reapplying: false });
  });

  it('gives up when it is displaced again and again, and says by what', async () => {
    const { platform, run } = setUp();
    for (const look of [1, 3, 5, 7]) {
      platform.events.set(look, at => (at.serving = `pushed-${look}`));
    }

    await expect(run(new FakeControl())).rejects.toMatchObject({
      kind: 'unhealthy',
      message: expect.stringMatching(/3 times again.*pushed-7 serves/),
      remedy: expect.stringMatching('stop the pipeline'),
    });
    expect(platform.done).toEqual(['switch', 'switch', 'switch']);
  });

  it('puts back what only the service can tell about', async () => {
    const { platform, run } = setUp(withVersion());
    platform.health = { state: 'unknown' };
    server.answer((_request, response) => {
      const commit = platform.done.length > 0 ? COMMIT : 'a'.repeat(40);
      response.end(JSON.stringify({ git_sha: commit }));
    });

    const result = await run(new FakeControl());

    expect(result.output).toMatchObject({ commit: COMMIT });
    expect(platform.done).toEqual(['switch']);
  });

  it('goes on where a process died while it put something back', async () => {
    const { platform, run } = setUp();
    platform.serving = 'pushed';
    platform.duringStep = async control => {
      await control.remember({ begun: true });
      throw new Error('killed');
    };
    const first = new FakeControl();
    await expect(run(first)).rejects.toThrow('killed');
    const remembered: unknown[] = [];
    platform.duringStep = async control => {
      remembered.push(control.memory);
    };

    await run(new FakeControl(2, first.memory));

    expect(first.memory).toEqual({
      reapplied: 1,
      reapplying: true,
      steps: { switch: { begun: true } },
    });
    expect(remembered).toEqual([{ begun: true }]);
    expect(platform.serving).toBe('old');
  });

  it('lets a step that is done again see what it remembers, as when it was done', async () => {
    const { platform, run } = setUp();
    platform.serving = 'pushed';
    const seen: unknown[] = [];
    platform.duringStep = async control => {
      await control.remember({ ...control.memory, before: 'pushed' });
      await control.remember({ ...control.memory, asked: true });
      seen.push(control.memory);
    };
    const control = new FakeControl();

    await run(control);

    expect(seen).toEqual([{ before: 'pushed', asked: true }]);
    expect(control.memory.steps).toEqual({
      switch: { before: 'pushed', asked: true },
    });
  });

  it('counts how often it put something back over all processes', async () => {
    const { platform, run } = setUp();
    platform.serving = 'pushed';
    const memory = { reapplied: 3, reapplying: false, steps: {} };

    await expect(run(new FakeControl(2, memory))).rejects.toMatchObject({
      kind: 'unhealthy',
    });
    expect(platform.done).toEqual([]);
  });

  it.each([
    ['as late as it asks', 9_000, 9_000],
    ['a minute later at the most', 3_600_000, 60_000],
  ])(
    'looks again when the platform is overloaded, %s',
    async (_name, retryAfterMs, waited) => {
      const { platform, run } = setUp();
      platform.events.set(1, () => {
        throw new TargetError('transient', 'Throttled.', { retryAfterMs });
      });
      const control = new FakeControl();

      await run(control);

      expect(control.waits).toEqual([waited, 5_000]);
      expect(control.lines[0]).toBe(
        'info The platform does not answer: Throttled.',
      );
    },
  );

  it('leaves it to the engine when the platform stays overloaded', async () => {
    const { platform, run } = setUp({ checks: 2 });
    for (const look of [1, 2]) {
      platform.events.set(look, () => {
        throw new TargetError('transient', 'Throttled.');
      });
    }

    await expect(run(new FakeControl())).rejects.toMatchObject({
      kind: 'transient',
    });
  });

  it.each(['credentials', 'denied', 'not-found', 'invalid'] as const)(
    'does not look again after a failure of the kind %s',
    async kind => {
      const { platform, run } = setUp();
      platform.events.set(1, () => {
        throw new TargetError(kind, 'It fails.');
      });

      await expect(run(new FakeControl())).rejects.toMatchObject({ kind });
      expect(platform.looks).toBe(1);
    },
  );

  it('confirms whatever serves where no revision is wanted', async () => {
    const { platform, run } = setUp({ revision: undefined });
    platform.serving = 'restarted';

    const { output } = await run(new FakeControl());

    expect(output).toEqual({ serving: 'restarted', health: 'healthy' });
  });

  it.each<[string, Partial<FakePlatform>, RegExp]>([
    ['nothing serves', { serving: undefined }, /Nothing serves/],
    ['several serve', { isSplit: true }, /a part of the traffic/],
  ])(
    'does nothing again where no revision is wanted and %s',
    async (...row) => {
      const [, about, message] = row;
      const { platform, run } = setUp({ revision: undefined, checks: 3 });
      Object.assign(platform, about);

      await expect(run(new FakeControl())).rejects.toMatchObject({
        kind: 'unhealthy',
        message: expect.stringMatching(message),
      });
      expect(platform.done).toEqual([]);
    },
  );

  it('stops when the operation is no longer its own', async () => {
    const { platform, run } = setUp();
    const control = new FakeControl();
    platform.events.set(1, () =>
      control.controller.abort(new Error('the lease is lost')),
    );

    await expect(run(control)).rejects.toThrow('the lease is lost');
    expect(platform.looks).toBe(1);
  });
});

describe('confirmStep', () => {
  it('has time to look, and to put back three times', () => {
    const step = confirmStep({ revision: 'old' }, 300);

    expect(step).toMatchObject({
      name: 'confirm',
      runner: 'verification',
      input: { revision: 'old' },
      timeoutSeconds: 4 * 12 * (5 + 15) + 3 * 300,
    });
  });

  it.each([
    { checks: 0 },
    { checks: 1.5 },
    { secondsBetweenChecks: -1 },
    { revision: '' },
  ])('takes no %j', about => {
    expect(() => confirmStep({ revision: 'old', ...about }, 0)).toThrow(
      InputError,
    );
  });
});
