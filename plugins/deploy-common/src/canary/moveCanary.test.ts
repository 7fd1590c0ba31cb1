import fc from 'fast-check';
import { CanaryPhase, CanarySettings, TargetHealth } from '../model';
import { canaryTodo, isCanaryOver } from './canaryTodo';
import { moveCanary, newCanary } from './moveCanary';
import { toCanary } from './toCanary';
import { CanaryInput, CanaryState, CanaryStep, CountedLook } from './types';

const START = Date.parse('2026-11-20T12:00:00.000Z');
const settings: CanarySettings = {
  percent: 10,
  minutes: 1,
  maxErrors: 5,
  logEntries: 100,
};
const omar = 'user:default/omar';
const healthy: TargetHealth = { state: 'healthy' };

type Look = Partial<CountedLook> & {
  pipelineLeads?: boolean;
  moves?: CanaryStep[];
};

/** A canary that time goes by for. */
class Story {
  state = newCanary(new Date(START).toISOString());
  readonly events: string[] = [];
  #seconds = 0;

  constructor(readonly set: CanarySettings = settings) {}

  at() {
    return new Date(START + this.#seconds * 1000).toISOString();
  }

  tell(input: CanaryInput, seconds = 0) {
    this.#seconds += seconds;
    const move = moveCanary(
      this.state,
      { ...input, at: this.at() } as CanaryInput,
      this.set,
    );
    if ('refusal' in move) {
      return move.refusal.message;
    }
    this.state = move.state;
    this.events.push(...move.events.map(({ type }) => type));
    return undefined;
  }

  look({ pipelineLeads = false, moves, ...look }: Look = {}, seconds = 10) {
    return this.tell(
      {
        type: 'look',
        at: '',
        pipelineLeads,
        moves: moves ?? ['start', 'finish'],
        look: {
          revision: 'new',
          stable: 'old',
          percent: 10,
          paused: false,
          health: healthy,
          problems: [],
          log: { errors: 0, entries: 100 },
          ...look,
        },
      },
      seconds,
    );
  }

  looks(times: number, look: Look = {}) {
    for (let time = 0; time < times; time++) {
      this.look(look);
    }
  }

  ask(type: 'pause' | 'continue') {
    return this.tell({ type, at: '', by: omar });
  }

  abort() {
    return this.tell({ type: 'abort', at: '', by: omar, reason: 'It is bad' });
  }

  /** Does what is to be done. */
  carryOut(status: 'succeeded' | 'failed' | 'cancelled' = 'succeeded') {
    const step = canaryTodo(this.state);
    if (!step) {
      throw new Error('There is nothing to do');
    }
    const operationId = `operation-${this.state.step?.number}`;
    this.tell({ type: 'submitted', at: '', step, operationId });
    this.tell({ type: 'ended', at: '', operationId, status, asBefore: true });
  }

  get phase() {
    return this.state.phase;
  }

  get shown() {
    return toCanary(this.state, this.set);
  }
}

describe('a canary', () => {
  it('gets its share, is watched, and gets all', () => {
    const story = new Story();

    story.look({ percent: 0 });
    expect(canaryTodo(story.state)).toBe('start');
    story.carryOut();
    expect(story.phase).toBe('watching');
    story.looks(6);
    expect(story.phase).toBe('watching');
    expect(story.shown).toMatchObject({ watchSecondsLeft: 10, percent: 10 });
    story.look();
    expect(story.phase).toBe('continuing');
    expect(canaryTodo(story.state)).toBe('finish');
    story.carryOut();

    expect(story.phase).toBe('done');
    expect(story.events).toEqual([
      'canary-started',
      'canary-continued',
      'canary-done',
    ]);
  });

  it.each<[string, Look, CanaryPhase, CanaryStep | undefined]>([
    ['has its share already', { percent: 10 }, 'watching', undefined],
    ['has more', { percent: 50 }, 'watching', undefined],
    ['has less', { percent: 5 }, 'starting', 'start'],
    [
      'cannot be given a share',
      { percent: 0, moves: ['finish'] },
      'watching',
      undefined,
    ],
    [
      'is not well',
      { percent: 0, health: { state: 'unhealthy' } },
      'starting',
      undefined,
    ],
    [
      'is still led by the pipeline',
      { percent: 0, pipelineLeads: true },
      'watching',
      undefined,
    ],
    [
      'moves by itself',
      { percent: 0, moves: [], movesItself: { phase: 'BAKE_TIME' } },
      'watching',
      undefined,
    ],
    ['has all of the traffic', { percent: 100 }, 'done', undefined],
  ])('that %s', (_case, look, phase, todo) => {
    const story = new Story();

    story.look(look);

    expect(story.phase).toBe(phase);
    expect(canaryTodo(story.state)).toBe(todo);
  });

  it('is led by the portal once the job of the pipeline has succeeded', () => {
    const story = new Story();
    story.looks(20, { percent: 5, pipelineLeads: true });

    expect(story.phase).toBe('watching');
    expect(story.shown?.watchSecondsLeft).toBeUndefined();
    expect(story.ask('pause')).toContain("pipeline's job is still under way");
    expect(story.ask('continue')).toContain('pipeline');

    story.look({ percent: 5 });

    expect(story.phase).toBe('starting');
    expect(story.shown?.watchSecondsLeft).toBe(60);
  });

  it.each<[string, (story: Story) => void]>([
    ['while it is watched', () => {}],
    ['while it is paused', story => story.ask('pause')],
    ['while it continues', story => story.ask('continue')],
  ])('is taken back for too many errors %s', (_case, before) => {
    const story = new Story();
    story.look();
    before(story);

    story.look({ log: { errors: 6, entries: 100 } });

    expect(story.phase).toBe('aborting');
    expect(canaryTodo(story.state)).toBe('abort');
    expect(story.shown?.notes[0]).toBe(
      'There are 6 errors in its last 100 log entries; 5 are allowed.',
    );
  });

  it('is taken back for errors even before the job of the pipeline is done', () => {
    const story = new Story();
    const bad = { log: { errors: 6, entries: 100 }, pipelineLeads: true };

    story.look({ ...bad, percent: 0 });
    expect(story.phase).toBe('watching');
    story.look({ ...bad, percent: 10 });

    expect(story.phase).toBe('aborting');
    expect(canaryTodo(story.state)).toBe('abort');
  });

  it('bears as many errors as are allowed', () => {
    const story = new Story();

    story.looks(7, { log: { errors: 5, entries: 100 } });

    expect(story.phase).toBe('continuing');
  });

  it('is taken back when it is unhealthy three looks in a row, and not before', () => {
    const story = new Story();
    const bad: Look = { health: { state: 'unhealthy', reason: 'It crashes.' } };

    story.looks(2, bad);
    story.look();
    story.looks(2, bad);
    expect(story.phase).toBe('watching');
    story.look({ health: { state: 'unknown' } });
    story.look(bad);

    expect(story.phase).toBe('aborting');
    expect(story.shown?.notes[0]).toBe(
      'It is unhealthy, 3 looks in a row: It crashes.',
    );
  });

  it('does not get all as long as it is not well', () => {
    const story = new Story();

    story.looks(8, { health: { state: 'degraded' } });
    expect(story.phase).toBe('watching');
    story.look();
    expect(story.phase).toBe('continuing');
  });

  it('is taken back where it stays degraded after the watch', () => {
    const story = new Story();

    story.looks(10, { health: { state: 'degraded' } });

    expect(story.phase).toBe('aborting');
  });

  it('is judged by its health where there is no log, and says so', () => {
    const story = new Story();

    story.look({ log: undefined, problems: ['No log is read.'] });
    expect(story.shown?.notes).toEqual([
      'Its log cannot be read: it is judged by its health only.',
      'No log is read.',
    ]);
    expect(story.shown?.errors).toBeUndefined();
    story.looks(6, { log: undefined });

    expect(story.phase).toBe('continuing');
  });

  it('waits where nothing is known of it', () => {
    const story = new Story();

    story.looks(100, { log: undefined, health: { state: 'unknown' } });

    expect(story.phase).toBe('watching');
    expect(story.shown?.watchSecondsLeft).toBe(60);
    expect(story.shown?.notes[0]).toContain('Neither its log nor its health');
  });

  it('waits where it gets no traffic', () => {
    const story = new Story();

    story.looks(100, { percent: 0, moves: ['finish'] });

    expect(story.phase).toBe('watching');
    expect(story.shown?.watchSecondsLeft).toBe(60);
  });

  it('counts only the time in which it is looked at', () => {
    const story = new Story();
    story.look();
    story.look();
    expect(story.shown?.watchSecondsLeft).toBe(50);

    for (let time = 0; time < 12; time++) {
      story.tell({ type: 'blind', at: '', why: 'It is down.' }, 10);
    }

    expect(story.shown?.watchSecondsLeft).toBe(50);
    expect(story.shown?.notes[0]).toMatch(/could not be asked since .* down/);
    story.look({}, 3_600);
    expect(story.shown?.watchSecondsLeft).toBe(50);
    expect(story.shown?.notes).toEqual([]);
    // Nor more than a little, should the portal have been away.
    story.look({}, 3_600);
    expect(story.shown?.watchSecondsLeft).toBe(20);
    expect(story.phase).toBe('watching');
  });

  it('stays paused until somebody says so', () => {
    const story = new Story();
    story.look();

    story.ask('pause');
    story.looks(500);

    expect(story.phase).toBe('paused');
    expect(story.shown).toMatchObject({
      pausedBy: omar,
      watchSecondsLeft: 60,
    });
    expect(story.ask('pause')).toBeUndefined();
    expect(story.ask('continue')).toBeUndefined();
    expect(story.phase).toBe('continuing');
    expect(story.events).toEqual([
      'canary-started',
      'canary-paused',
      'canary-continued',
    ]);
  });

  it.each([
    [
      'is told to stand still where it has to be',
      ['pause', 'finish'],
      false,
      'pause',
    ],
    ['is not told where it stands still', ['pause', 'finish'], true, undefined],
    ['is not told where nothing moves by itself', ['finish'], false, undefined],
  ] as [string, CanaryStep[], boolean, CanaryStep | undefined][])(
    'when paused, its platform %s',
    (_case, moves, paused, todo) => {
      const story = new Story();
      story.look({ moves, paused });

      story.ask('pause');

      expect(canaryTodo(story.state)).toBe(todo);
    },
  );

  it('is only watched where the platform moves on by itself', () => {
    const story = new Story();
    const until = new Date(START + 60_000).toISOString();
    const moving = { movesItself: { phase: 'BAKE_TIME', until }, moves: [] };

    story.look({ ...moving, percent: 100 });
    expect(story.phase).toBe('watching');
    expect(story.shown).toMatchObject({ watchSecondsLeft: 50 });
    expect(story.ask('pause')).toContain('moves on by itself (BAKE_TIME)');
    expect(story.ask('continue')).toContain('nobody can hold or hasten it');
    story.looks(50, moving);
    expect(story.phase).toBe('watching');
    story.look({ percent: 100 });

    expect(story.phase).toBe('done');
  });

  it('is done where somebody gave it all at the platform', () => {
    const story = new Story();
    story.look();
    story.ask('pause');

    story.look({ percent: 100 });

    expect(story.phase).toBe('done');
  });

  it('is taken back where its revision vanished', () => {
    const story = new Story();
    story.look();

    story.tell({ type: 'absent', at: '', pipelineLeads: false }, 10);
    story.tell({ type: 'absent', at: '', pipelineLeads: false }, 10);
    expect(story.phase).toBe('watching');
    story.tell({ type: 'absent', at: '', pipelineLeads: false }, 10);

    expect(story.phase).toBe('aborting');
    expect(story.shown?.notes[0]).toBe('new is no longer at the platform.');
  });

  it('never was one where the platform shows no such release in time', () => {
    const story = new Story();

    story.tell({ type: 'absent', at: '', pipelineLeads: true }, 3_600);
    story.tell({ type: 'absent', at: '', pipelineLeads: false }, 60);
    expect(story.phase).toBe('starting');
    story.tell({ type: 'absent', at: '', pipelineLeads: false }, 120);

    expect(story.phase).toBe('done');
    expect(story.shown).toBeUndefined();
    expect(story.events).toEqual([]);
  });

  it('is aborted by a person, with their reason', () => {
    const story = new Story();
    story.look();

    story.abort();
    expect(story.phase).toBe('aborting');
    expect(story.shown?.notes[0]).toBe(`${omar} aborted it: It is bad`);
    expect(story.ask('continue')).toContain('The canary is aborting');
    expect(story.abort()).toBeUndefined();
    story.carryOut();

    expect(story.phase).toBe('aborted');
    expect(story.abort()).toContain('The canary is over');
    expect(story.events).toEqual(['canary-started', 'canary-aborted']);
  });

  it.each(['pause', 'continue'] as const)(
    'that has not begun takes no %s',
    verb => {
      expect(new Story().ask(verb)).toContain('No canary');
    },
  );

  it.each([
    ['start', { percent: 0 }],
    ['finish', {}],
  ] as [CanaryStep, Look][])(
    'is taken back where %s fails again and again',
    (step, look) => {
      const story = new Story();
      story.look(look);
      if (step === 'finish') {
        story.ask('continue');
      }
      const numbers = new Set<number | undefined>();

      for (let time = 0; time < 3; time++) {
        expect(canaryTodo(story.state)).toBe(step);
        numbers.add(story.state.step?.number);
        story.carryOut('failed');
      }

      expect(numbers.size).toBe(3);
      expect(story.phase).toBe('aborting');
    },
  );

  it('fails where it can be moved neither way', () => {
    const story = new Story();
    story.look();
    story.abort();

    story.carryOut('failed');
    story.carryOut('failed');
    expect(story.phase).toBe('aborting');
    story.carryOut('failed');

    expect(story.phase).toBe('failed');
  });

  it('is paused where somebody cancels what gives it all', () => {
    const story = new Story();
    story.look();
    story.ask('continue');

    story.carryOut('cancelled');

    expect(story.phase).toBe('paused');
  });

  it('says what it waits for', () => {
    const story = new Story();
    story.look();
    story.ask('continue');

    story.tell({ type: 'waits', at: '', step: 'finish', why: 'It is frozen.' });

    expect(story.shown?.notes).toContain('It waits. It is frozen.');
    expect(canaryTodo(story.state)).toBe('finish');
  });

  it.each<[string, boolean, number, CanaryPhase]>([
    ['was rolled back', true, 10, 'aborted'],
    ['failed while the traffic is split', false, 10, 'failed'],
    ['failed before it got traffic', false, 0, 'aborted'],
  ])('ends with a promotion that %s', (_case, rolledBack, percent, phase) => {
    const story = new Story();
    story.look({ percent, moves: ['finish'] });

    story.tell({ type: 'over', at: '', rolledBack, text: 'It ended.' });

    expect(story.phase).toBe(phase);
  });
});

describe('any story of a canary', () => {
  const health = fc.constantFrom<TargetHealth['state']>(
    'healthy',
    'healthy',
    'healthy',
    'degraded',
    'unhealthy',
    'unknown',
  );
  const look = fc.record({
    percent: fc.constantFrom(0, 5, 10, 10, 10, 50, 100),
    paused: fc.boolean(),
    health: health.map(state => ({ state })),
    log: fc.option(
      fc.record({
        errors: fc.constantFrom(0, 0, 0, 5, 6),
        entries: fc.constant(100),
      }),
      { nil: undefined },
    ),
    movesItself: fc.option(fc.constant({ phase: 'BAKE_TIME' }), {
      nil: undefined,
      freq: 10,
    }),
    moves: fc.constantFrom<CanaryStep[]>(
      ['start', 'finish'],
      ['pause', 'finish'],
      ['start', 'pause', 'finish'],
    ),
  });
  type Act = (story: Story) => { bySomebody?: true; errors?: number };
  const act: fc.Arbitrary<Act> = fc.oneof(
    {
      weight: 12,
      arbitrary: fc.tuple(look, fc.nat(60)).map(
        ([seen, seconds]): Act =>
          story => {
            story.look(seen, seconds);
            return { ...(seen.log && { errors: seen.log.errors }) };
          },
      ),
    },
    {
      weight: 1,
      arbitrary: look.map(
        (seen): Act =>
          story => {
            story.look({ ...seen, pipelineLeads: true });
            return {};
          },
      ),
    },
    {
      weight: 2,
      arbitrary: fc.constant<Act>(story => {
        story.tell({ type: 'absent', at: '', pipelineLeads: false }, 10);
        return {};
      }),
    },
    {
      weight: 2,
      arbitrary: fc.constant<Act>(story => {
        story.tell({ type: 'blind', at: '', why: 'It is down.' }, 10);
        return {};
      }),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom<Act>(
        story => {
          story.ask('pause');
          return { bySomebody: true };
        },
        story => {
          story.ask('continue');
          return { bySomebody: true };
        },
        story => {
          story.abort();
          return { bySomebody: true };
        },
      ),
    },
    {
      weight: 4,
      arbitrary: fc
        .constantFrom<'succeeded' | 'failed' | 'cancelled'>(
          'succeeded',
          'succeeded',
          'failed',
          'cancelled',
        )
        .map(
          (status): Act =>
            story => {
              if (canaryTodo(story.state)) {
                story.carryOut(status);
              }
              return {};
            },
        ),
    },
  );

  const someActs = fc.array(act, { maxLength: 60 });

  const before = (state: CanaryState) => ({
    phase: state.phase,
    watched: state.watched,
  });

  it('keeps its promises', () => {
    fc.assert(
      fc.property(someActs, acts => {
        const story = new Story();
        for (const one of acts) {
          const was = before(story.state);
          const { bySomebody, errors } = one(story);
          const { phase, watched } = story.state;

          // By itself only after the time, with few enough errors; and never out of a pause.
          const goesOn =
            phase === 'continuing' && was.phase !== 'continuing' && !bySomebody;
          const ends = ['aborting', 'aborted', 'failed'].includes(phase);
          const hasErrors =
            (errors ?? 0) > 5 &&
            !isCanaryOver(was) &&
            story.state.began &&
            (story.state.percent ?? 0) > 0;
          const broken = {
            goesOnEarly: goesOn && watched < 60_000,
            goesOnWithErrors: goesOn && (errors ?? 0) > 5,
            goesOnFromElsewhere: goesOn && was.phase !== 'watching',
            leavesPause:
              was.phase === 'paused' &&
              !bySomebody &&
              !['paused', 'aborting', 'done'].includes(phase),
            staysWithErrors: hasErrors && !ends,
            turnsBack: was.phase === 'aborting' && !ends,
            livesOn: isCanaryOver(was) && phase !== was.phase,
            countsUnwatched:
              phase !== 'watching' &&
              was.phase !== 'watching' &&
              watched !== was.watched,
          };
          expect(
            Object.entries(broken).flatMap(([name, is]) => (is ? [name] : [])),
          ).toEqual([]);
          const todo = canaryTodo(story.state);
          const fits: Record<CanaryStep, CanaryPhase> = {
            start: 'starting',
            pause: 'paused',
            finish: 'continuing',
            abort: 'aborting',
          };
          expect(todo === undefined || fits[todo] === phase).toBe(true);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('is no use unless it gets about', () => {
    // Some phases are rare: other stories than these may not come to them.
    const stories = fc.sample(someActs, { numRuns: 2_000, seed: 1 });

    const reached = stories.flatMap(acts => {
      const story = new Story();
      return acts.map(one => {
        one(story);
        return story.state.phase;
      });
    });

    expect([...new Set(reached)].sort()).toEqual([
      'aborted',
      'aborting',
      'continuing',
      'done',
      'failed',
      'paused',
      'starting',
      'watching',
    ]);
  });
});
