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
  TargetDescription,
  TargetEnvironment,
  TargetPlan,
  TargetVerification,
} from '../../DeployTarget';
import { TargetError, TargetErrorKind } from '../../TargetError';
import { ExamplePlatform, PlatformError } from './ExamplePlatform';

type Spec = Extract<TargetSpec, { type: 'custom' }>;
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
    const revisions = await this.revisions(environment);
    const from = revisions.find(({ current }) => current);
    const to = revisions.find(({ id }) => id === revision);
    if (!to) {
      throw new TargetError('not-found', 'This service has no such revision.', {
        remedy: 'Choose one of the list.',
      });
    }
    return {
      from,
      to,
      alreadyThere: to.current,
      steps: to.current ? [] : planSwitch(from?.id ?? '', to.id),
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
    if (step.name === 'switch') {
      const { serving } = await asked(() => this.api.read(name));
      if (serving === to) {
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
    const { serving } = await asked(() => this.api.read(nameOf(target)));
    // What a pipeline has deployed meanwhile stays.
    if (serving === to) {
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
      inPlace: state.serving === revision,
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
