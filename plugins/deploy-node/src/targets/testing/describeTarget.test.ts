import { StepControl } from '../DeployTarget';
import { PlannedStep } from '../DeployTarget';
import { TargetError } from '../TargetError';
import { ExamplePlatform } from './__testUtils__/ExamplePlatform';
import { ExampleTarget } from './__testUtils__/ExampleTarget';
import { canaryChecks } from './canaryChecks';
import { describeCanary, describeTarget, targetChecks } from './describeTarget';
import { Subject } from './Subject';
import { TargetHarness } from './TargetHarness';

type Environment = TargetHarness['environment'] & {
  target: { type: 'custom' };
};

const environment: Environment = {
  entityRef: 'component:default/issuer',
  repository: 'example-org/vvp',
  environment: 'production',
  tier: 'production',
  target: {
    type: 'custom',
    platform: 'example',
    settings: { name: 'issuer' },
  },
};

async function startHarness(Target = ExampleTarget) {
  const platform = new ExamplePlatform();
  return {
    target: new Target(platform),
    environment,
    revisions: {
      current: 'v3',
      previous: 'v2',
      older: 'v1',
      gone: 'v9',
      foreign: 'w1',
    },
    serving: async () => platform.servingOf('issuer'),
    changes: async () => platform.changes,
    push: async () => platform.deploy('issuer'),
    canary: {
      begin: async () => {
        const revision = platform.add('issuer');
        return { revision, commit: platform.commitOf(revision) };
      },
      share: async (revision: string) => platform.shareOf('issuer', revision),
    },
    faults: platform.faults,
    stop: async () => {},
  };
}

const quick = { stepLimitMs: 200 };

describeTarget('the worked example', () => startHarness(), quick);

describeCanary('the worked example', () => startHarness(), quick);

/** A target whose canary differs in one thing. */
function withCanary(
  change: (
    canary: ExampleTarget['canary'],
    api: ExamplePlatform,
  ) => Partial<ExampleTarget['canary']>,
): typeof ExampleTarget {
  return class extends ExampleTarget {
    readonly canary: ExampleTarget['canary'];

    constructor(api: ExamplePlatform) {
      super(api);
      const { canary } = new ExampleTarget(api);
      this.canary = { ...canary, ...change(canary, api) };
    }
  };
}

/** What it has to put back it knows only as long as its process lives. */
class Forgetful extends ExampleTarget {
  #from: string | undefined;

  async executeStep(...args: Parameters<ExampleTarget['executeStep']>) {
    this.#from ??= this.api.servingOf('issuer');
    return super.executeStep(...args);
  }

  async compensateStep(
    _env: Environment,
    step: PlannedStep,
    control?: StepControl,
  ) {
    const from = this.#from ?? 'v1';
    this.#from = undefined;
    await this.api.serve('issuer', from);
    control?.log(`${step.name} is undone`);
  }
}

/** Its second one takes its time. */
class Slowly extends Forgetful {
  static made = 0;
  readonly #isSlow: boolean;

  constructor(api: ExamplePlatform) {
    super(api);
    Slowly.made += 1;
    this.#isSlow = Slowly.made === 2;
  }

  async executeStep(
    ...[env, step, control]: Parameters<ExampleTarget['executeStep']>
  ) {
    for (let look = 0; this.#isSlow && look < 100; look++) {
      control.log('It is not there yet.');
    }
    return super.executeStep(env, step, control);
  }
}

/** Each forgets one thing that a target has to think of. */
const flawed: [string, string, typeof ExampleTarget][] = [
  [
    'claims another service’s revision',
    'refuses a revision that is foreign',
    class extends ExampleTarget {
      async planRollback(
        ...[env, revision]: Parameters<ExampleTarget['planRollback']>
      ) {
        const known = revision === 'w1' ? 'v1' : revision;
        return super.planRollback(env, known);
      }
    },
  ],
  [
    'plans steps for what is there',
    'has nothing to do for the revision that serves',
    class extends ExampleTarget {
      async planRollback(
        ...[env, revision]: Parameters<ExampleTarget['planRollback']>
      ) {
        return {
          ...(await super.planRollback(env, revision)),
          alreadyThere: false,
        };
      }
    },
  ],
  [
    'changes the platform while it plans',
    'plans without changing anything',
    class extends ExampleTarget {
      async planRollback(
        ...[env, revision]: Parameters<ExampleTarget['planRollback']>
      ) {
        await this.api.serve('issuer', revision);
        return super.planRollback(env, revision);
      }
    },
  ],
  [
    'says it is in place whatever serves',
    'is not fooled by a pipeline that deploys meanwhile',
    class extends ExampleTarget {
      async verify(...[env, revision]: Parameters<ExampleTarget['verify']>) {
        return { ...(await super.verify(env, revision)), inPlace: true };
      }
    },
  ],
  [
    'does not undo',
    'gets back to what served if the revision never becomes healthy',
    class extends ExampleTarget {
      async compensateStep() {}
    },
  ],
  [
    'does not undo',
    'undoes what was done, wherever it fails',
    class extends ExampleTarget {
      async compensateStep() {}
    },
  ],
  [
    'takes a denial for a fault that passes',
    'changes nothing where it may not',
    class extends ExampleTarget {
      async executeStep(...args: Parameters<ExampleTarget['executeStep']>) {
        return super.executeStep(...args).catch(() => {
          throw new TargetError('transient', 'Later.');
        });
      }
    },
  ],
  [
    'takes a fault that passes for the end',
    'gets through when it is throttled',
    class extends ExampleTarget {
      async executeStep(...args: Parameters<ExampleTarget['executeStep']>) {
        return super.executeStep(...args).catch(() => {
          throw new TargetError('invalid', 'The platform failed.');
        });
      }
    },
  ],
  [
    'fails when the change is there already',
    'comes to the same end when each step is done twice',
    class extends ExampleTarget {
      async executeStep(
        ...[env, step, control]: Parameters<ExampleTarget['executeStep']>
      ) {
        const result = await super.executeStep(env, step, control);
        if (result.skipped) {
          throw new TargetError('invalid', 'It serves already.');
        }
        return result;
      }
    },
  ],
  [
    'keeps in the process what the next one needs',
    'survives the death of the process at any moment of undoing',
    Forgetful,
  ],
  [
    'keeps in the process what the next one needs, and takes its time now and then',
    'survives the death of the process at any moment of undoing',
    Slowly,
  ],
  [
    'fails to tell diagnostics without credentials',
    'says in its diagnostics what it may not read',
    class extends ExampleTarget {
      async diagnostics(env: Environment) {
        const health = await this.health(env);
        return { health, facts: [], events: [], logs: [], problems: [] };
      }
    },
  ],
  [
    'sees a canary in whatever commit it is asked for',
    'knows no canary of a commit that is not there',
    withCanary(canary => ({
      look: async (env, options, signal) =>
        canary.look(
          env,
          { ...options, commit: new ExamplePlatform().commitOf('v3') },
          signal,
        ),
    })),
  ],
  [
    'moves what it looks at',
    'looks at a canary, and changes nothing by it',
    withCanary((canary, api) => ({
      look: async (env, options, signal) => {
        const seen = await canary.look(env, options, signal);
        await api.share('issuer', seen?.revision ?? '', 1);
        return seen;
      },
    })),
  ],
  [
    'gives a canary everything at once',
    'gives a canary its share once, however often',
    withCanary(canary => ({
      planMove: async (env, options, signal) =>
        canary.planMove(env, { ...options, move: 'finish' }, signal),
    })),
  ],
  [
    'leaves a canary where it is',
    'gives a canary all of the traffic',
    withCanary(canary => ({
      planMove: async (env, options, signal) => {
        const plan = await canary.planMove(env, options, signal);
        return options.move === 'finish' ? { ...plan, steps: [] } : plan;
      },
    })),
  ],
  [
    'takes a service with a canary for one that is there',
    'gets back from a canary by a rollback',
    class extends ExampleTarget {
      async planRollback(
        ...[env, revision]: Parameters<ExampleTarget['planRollback']>
      ) {
        const plan = await super.planRollback(env, revision);
        return plan.to?.current ? { ...plan, steps: [] } : plan;
      }
    },
  ],
  [
    'moves another service’s revision',
    'moves no revision but its own',
    withCanary(canary => ({
      planMove: async (env, options, signal) =>
        canary.planMove(
          env,
          {
            ...options,
            revision: options.revision === 'w1' ? 'v1' : options.revision,
          },
          signal,
        ),
    })),
  ],
  [
    'says it pauses what it does not',
    'pauses a canary, if it can',
    withCanary(() => ({ moves: () => ['start', 'pause', 'finish'] })),
  ],
];

describe('the test kit', () => {
  it.each(flawed)(
    'notices a target that %s: %s',
    async (_flaw, title, Target) => {
      const check = [...targetChecks, ...canaryChecks].find(
        known => known.title === title,
      );
      expect(check).toBeDefined();
      const renew = async () =>
        new Subject(await startHarness(Target), quick) as unknown as Subject;

      await expect(
        renew().then(subject => check?.run(subject, renew)),
      ).rejects.toThrow();
    },
  );
});
