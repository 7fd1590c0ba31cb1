import { InputError } from '@backstage/errors';
import {
  Revision,
  TargetDiagnostics,
  TargetHealth,
  TargetSpec,
} from '@vvp/backstage-plugin-deploy-common';
import {
  DeployTarget,
  PlannedStep,
  StepControl,
  StepResult,
  TargetCanary,
  TargetDescription,
  TargetEnvironment,
  TargetPlan,
  TargetVerification,
} from '../../DeployTarget';
import { TargetError, TargetErrorKind } from '../../TargetError';
import { ExamplePlatform, PlatformError } from './ExamplePlatform';

type Spec = Extract<TargetSpec, { type: 'custom' }>;
type Share = { revision: string; percent: number };
type Environment = TargetEnvironment<Spec>;

/** Throws an InputError if the settings do not name a service. */
function nameOf({ settings }: Spec): string {
  if (typeof settings.name !== 'string') {
    throw new InputError('target.settings.name: write the name of the service');
  }
  return settings.name;
}

/** The worked example of docs/targets.md. */
export class ExampleTarget implements DeployTarget<Spec> {
  readonly type = 'custom';
  readonly platform = 'example';
  protected readonly api: ExamplePlatform;

  readonly canary: TargetCanary<Spec> = {
    moves: () => ['start', 'finish'],

    look: async ({ target }, { commit }) => {
      const ids = await asked(() => this.api.list(nameOf(target)));
      const revision = ids.find(id => this.api.commitOf(id) === commit);
      if (revision === undefined) {
        return undefined;
      }
      const state = await asked(() => this.api.read(nameOf(target)));
      const { serving, beside } = state;
      const isAll = serving === revision && !beside;
      return {
        revision,
        ...(!isAll && { stable: serving }),
        percent: isAll ? 100 : percentOf(state, revision),
        paused: false,
        health: toHealth(state),
        problems: ['The example platform keeps no logs.'],
      };
    },

    planMove: async (environment, { revision, move, percent }) => {
      const { from, to } = await this.#ends(environment, revision);
      const { beside } = await asked(() =>
        this.api.read(nameOf(environment.target)),
      );
      if (move === 'pause') {
        throw new TargetError('invalid', 'The traffic stays as it is.');
      }
      const alreadyThere =
        move === 'start'
          ? beside?.revision === to.id && beside.percent === percent
          : to.current && !beside;
      const steps =
        move === 'start'
          ? planShare(from?.id ?? '', to.id, percent)
          : planSwitch(from?.id ?? '', to.id);
      return {
        from,
        to,
        alreadyThere,
        steps: alreadyThere ? [] : steps,
        configuration: [],
        notRestored: [],
        artifact: { state: 'unknown' },
      };
    },
  };

  constructor(api: ExamplePlatform) {
    this.api = api;
  }

  describe({ target }: Environment): TargetDescription {
    return {
      resource: `Example service ${nameOf(target)}`,
      lockKey: `custom:${this.platform}/${nameOf(target)}`,
      canRestart: false,
    };
  }

  async revisions({ target }: Environment): Promise<Revision[]> {
    const ids = await asked(() => this.api.list(nameOf(target)));
    const { serving } = await asked(() => this.api.read(nameOf(target)));
    return ids.reverse().map(id => ({ id, current: id === serving }));
  }

  async currentRevision(
    environment: Environment,
  ): Promise<Revision | undefined> {
    const revisions = await this.revisions(environment);
    return revisions.find(revision => revision.current);
  }

  async planRollback(
    environment: Environment,
    revision: string,
  ): Promise<TargetPlan> {
    const { from, to } = await this.#ends(environment, revision);
    const { beside } = await asked(() =>
      this.api.read(nameOf(environment.target)),
    );
    // While another one has a part of the traffic, it is not there.
    const alreadyThere = to.current && !beside;
    return {
      from,
      to,
      alreadyThere,
      steps: alreadyThere ? [] : planSwitch(from?.id ?? '', to.id),
      configuration: [],
      notRestored: [],
      artifact: { state: 'unknown' },
    };
  }

  async executeStep(
    environment: Environment,
    step: PlannedStep,
    control: StepControl,
  ): Promise<StepResult> {
    const name = nameOf(environment.target);
    const to = String(step.input.to);
    if (step.name === 'share') {
      const percent = Number(step.input.percent);
      const { beside } = await asked(() => this.api.read(name));
      if (beside?.revision === to && beside.percent === percent) {
        return { skipped: true };
      }
      await asked(() => this.api.share(name, to, percent));
      control.log(`${to} gets ${percent} %.`);
      return {};
    }
    if (step.name === 'switch') {
      const { serving, beside } = await asked(() => this.api.read(name));
      if (serving === to && !beside) {
        return { skipped: true };
      }
      await asked(() => this.api.serve(name, to));
      control.log(`${to} serves.`);
      return {};
    }
    for (;;) {
      const { healthy } = await asked(() => this.api.read(name));
      if (healthy) {
        return {};
      }
      await control.wait(5_000);
    }
  }

  async compensateStep(
    { target }: Environment,
    step: PlannedStep,
  ): Promise<void> {
    const { from, to } = step.input;
    const { serving, beside } = await asked(() =>
      this.api.read(nameOf(target)),
    );
    // What a pipeline has deployed meanwhile stays.
    if (serving === to || beside?.revision === to) {
      await asked(() => this.api.serve(nameOf(target), String(from)));
    }
  }

  async verify(
    { target }: Environment,
    revision: string,
  ): Promise<TargetVerification> {
    const state = await asked(() => this.api.read(nameOf(target)));
    return {
      serving: state.serving,
      inPlace: state.serving === revision && !state.beside,
      health: toHealth(state),
    };
  }

  async health({ target }: Environment): Promise<TargetHealth> {
    return toHealth(await asked(() => this.api.read(nameOf(target))));
  }

  async diagnostics(environment: Environment): Promise<TargetDiagnostics> {
    const empty = { facts: [], events: [], logs: [] };
    try {
      const health = await this.health(environment);
      return { health, ...empty, problems: [] };
    } catch (error) {
      const { message } = error as TargetError;
      return { health: { state: 'unknown' }, ...empty, problems: [message] };
    }
  }

  /** What serves, and the revision that is asked for. */
  async #ends(
    environment: Environment,
    revision: string,
  ): Promise<{ from?: Revision; to: Revision }> {
    const revisions = await this.revisions(environment);
    const to = revisions.find(({ id }) => id === revision);
    if (!to) {
      throw new TargetError('not-found', 'This service has no such revision.', {
        remedy: 'Choose one of the list.',
      });
    }
    return { from: revisions.find(({ current }) => current), to };
  }
}

function planShare(from: string, to: string, percent: number): PlannedStep[] {
  return [
    {
      name: 'share',
      title: `Give ${to} ${percent} % of the traffic`,
      input: { from, to, percent },
      compensates: true,
    },
  ];
}

function planSwitch(from: string, to: string): PlannedStep[] {
  return [
    {
      name: 'switch',
      title: `Let ${to} serve`,
      input: { from, to },
      compensates: true,
    },
    {
      name: 'await-health',
      title: `Wait until ${to} is healthy`,
      input: { to },
    },
  ];
}

function percentOf(
  { serving, beside }: { serving: string; beside?: Share },
  revision: string,
): number {
  if (beside?.revision === revision) {
    return beside.percent;
  }
  return serving === revision ? 100 - (beside?.percent ?? 0) : 0;
}

function toHealth({ healthy }: { healthy: boolean }): TargetHealth {
  return { state: healthy ? 'healthy' : 'unhealthy' };
}

const kinds: Record<number, TargetErrorKind> = {
  0: 'transient',
  401: 'credentials',
  403: 'denied',
  404: 'not-found',
  429: 'transient',
};

/** Asks the platform; its errors become TargetErrors. */
async function asked<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof PlatformError) {
      const kind = kinds[error.status] ?? 'invalid';
      throw new TargetError(kind, `${error.message}`);
    }
    throw error;
  }
}
