import { createBackendModule } from '@backstage/backend-plugin-api';
import { Revision } from '@vvp/backstage-plugin-deploy-common';
import {
  DeployTarget,
  deployTargetsExtensionPoint,
  PlannedStep,
  StepControl,
  TargetError,
  TargetErrorKind,
} from '@vvp/backstage-plugin-deploy-node';

/** A platform in memory that tests look at past the plugin. */
export class FakePlatform {
  readonly revisions: Revision[] = [];
  serving = '';
  /** Every change that was asked for, in order. */
  readonly changes: string[] = [];
  /** Revisions that never get well. */
  readonly broken = new Set<string>();
  /** What the next calls of a method fail with. */
  readonly failures: {
    method: 'plan' | 'switch' | 'revisions';
    kind: TargetErrorKind;
  }[] = [];
  /** Steps wait for it. */
  gate: Promise<void> = Promise.resolve();

  constructor(revisions: readonly Omit<Revision, 'current'>[]) {
    this.revisions.push(
      ...revisions.map(revision => ({ ...revision, current: false })),
    );
    this.serving = revisions[0]?.id ?? '';
  }

  /** Adds the platform to a backend, as the target of a type. */
  module(type: DeployTarget['type'] = 'azure-container-app') {
    const target = this.target(type);
    return createBackendModule({
      pluginId: 'deploy',
      moduleId: 'fake-target',
      register(env) {
        env.registerInit({
          deps: { targets: deployTargetsExtensionPoint },
          async init({ targets }) {
            targets.addTarget(target);
          },
        });
      },
    });
  }

  target(type: DeployTarget['type']): DeployTarget {
    const list = () => {
      this.#failIfTold('revisions');
      return this.revisions.map(revision => ({
        ...revision,
        current: revision.id === this.serving,
      }));
    };
    const healthOf = (revision: string) =>
      this.broken.has(revision)
        ? { state: 'unhealthy' as const, reason: 'it never answers' }
        : { state: 'healthy' as const };
    const current = () => list().find(revision => revision.current);
    const plan = (to: Revision, steps: PlannedStep[]) => ({
      from: current(),
      to,
      alreadyThere: steps.length === 0,
      steps,
      configuration: [{ name: 'env LOG_LEVEL', change: 'changed' as const }],
      notRestored: ['Secrets stay as they are.'],
      artifact: { state: 'unknown' as const },
    });
    return {
      type,
      describe: ({ target, environment }) => ({
        resource: `Fake ${environment}`,
        lockKey: `${target.type}:fake`,
        canRestart: true,
      }),
      revisions: async () => list(),
      currentRevision: async () => current(),
      planRollback: async (_environment, revision) => {
        this.#failIfTold('plan');
        const to = list().find(({ id }) => id === revision);
        if (!to) {
          throw new TargetError(
            'not-found',
            `There is no revision ${revision}.`,
            { remedy: 'Choose one of the list.' },
          );
        }
        return plan(
          to,
          to.current
            ? []
            : [
                {
                  name: 'switch',
                  title: `Switch to ${revision}`,
                  input: { to: revision, from: this.serving },
                  compensates: true,
                },
              ],
        );
      },
      planRestart: async () => {
        const serving = current();
        return plan(serving ?? { id: '', current: true }, [
          {
            name: 'restart',
            title: 'Restart',
            input: { to: this.serving, from: this.serving },
          },
        ]);
      },
      executeStep: async (_environment, step, control) => {
        await this.#change(String(step.input.to), step.name, control);
        return {};
      },
      compensateStep: async (_environment, step, control) => {
        await this.#change(String(step.input.from), 'back', control);
      },
      verify: async (_environment, revision) => ({
        serving: this.serving,
        inPlace: this.serving === revision,
        health: healthOf(this.serving),
      }),
      health: async () => healthOf(this.serving),
      diagnostics: async () => ({
        health: healthOf(this.serving),
        facts: [{ label: 'Serves', value: this.serving }],
        events: [],
        logs: [
          { source: 'api', lines: ['started', 'DB_PASSWORD=hunter2 given'] },
        ],
        problems: [],
      }),
    };
  }

  async #change(to: string, name: string, control: StepControl) {
    await this.gate;
    this.#failIfTold('switch');
    control.log(`${name}: ${to}`);
    this.changes.push(`${name} ${to}`);
    this.serving = to;
  }

  #failIfTold(method: 'plan' | 'switch' | 'revisions') {
    const index = this.failures.findIndex(one => one.method === method);
    if (index >= 0) {
      const [{ kind }] = this.failures.splice(index, 1);
      throw new TargetError(kind, `The platform says ${kind}.`, {
        remedy: 'Do something about it.',
      });
    }
  }
}
