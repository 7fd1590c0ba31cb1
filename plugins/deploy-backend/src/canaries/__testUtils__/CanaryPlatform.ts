import { createBackendModule } from '@backstage/backend-plugin-api';
import {
  CanaryLook,
  Revision,
  TargetHealth,
} from '@vvp/backstage-plugin-deploy-common';
import {
  CanaryMove,
  DeployTarget,
  deployTargetsExtensionPoint,
  PlannedStep,
  TargetEnvironment,
  TargetError,
} from '@vvp/backstage-plugin-deploy-node';

/** A service on the platform. */
export class CanaryApp {
  readonly revisions: Pick<Revision, 'id' | 'commit'>[] = [];
  /** Percent by revision. */
  traffic: Record<string, number> = {};
  /** Of the newest revision. */
  health: TargetHealth = { state: 'healthy' };
  log: string[] | undefined = ['INFO it is well'];
  moves: CanaryMove[] = ['start', 'finish'];
  movesItself: CanaryLook['movesItself'];
  paused = false;
  /** What it answers with instead. */
  down?: Error;
  /** It never answers. */
  hangs = false;
  /** Every change that was asked for, in order. */
  readonly changes: string[] = [];
  looks = 0;
  /** Steps wait for it. */
  gate: Promise<void> = Promise.resolve();

  /** A new revision, with its share. */
  bring(id: string, commit: string, percent: number): void {
    this.revisions.unshift({ id, commit });
    const [other] = Object.keys(this.traffic);
    this.traffic = {
      ...(other && { [other]: 100 - percent }),
      [id]: percent,
    };
  }

  shift(revision: string, percent: number): void {
    const other = this.revisions.find(({ id }) => id !== revision)!.id;
    this.traffic = { [revision]: percent, [other]: 100 - percent };
  }

  get serving(): string {
    return Object.entries(this.traffic).sort(([, a], [, b]) => b - a)[0][0];
  }

  healthOf(revision: string): TargetHealth {
    return revision === this.revisions[0].id
      ? this.health
      : { state: 'healthy' };
  }

  async answer(): Promise<void> {
    this.looks += 1;
    if (this.down) {
      throw this.down;
    }
    if (this.hangs) {
      await new Promise(() => {});
    }
  }
}

/** A platform in memory that splits traffic. */
export class CanaryPlatform {
  readonly apps = new Map<string, CanaryApp>();

  app(entityRef: string): CanaryApp {
    const found = this.apps.get(entityRef) ?? new CanaryApp();
    this.apps.set(entityRef, found);
    return found;
  }

  /** Adds the platform to a backend. */
  module() {
    const target = this.target();
    return createBackendModule({
      pluginId: 'deploy',
      moduleId: 'canary-platform',
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

  target(): DeployTarget {
    const appOf = ({ entityRef }: TargetEnvironment) => this.app(entityRef);
    const list = (app: CanaryApp): Revision[] =>
      app.revisions.map(revision => ({
        ...revision,
        current: revision.id === app.serving,
      }));
    const planShift = (
      app: CanaryApp,
      to: string,
      step: Omit<PlannedStep, 'title'> | undefined,
    ) => {
      const revisions = list(app);
      const found = revisions.find(({ id }) => id === to);
      if (!found) {
        throw new TargetError('not-found', `There is no revision ${to}.`);
      }
      const from = revisions.find(({ current }) => current);
      return {
        ...(from && { from }),
        to: found,
        alreadyThere: step === undefined,
        steps: step ? [{ ...step, title: `${step.name} ${to}` }] : [],
        configuration: [],
        notRestored: [],
        artifact: { state: 'present' as const },
      };
    };
    return {
      type: 'azure-container-app',
      describe: ({ entityRef, environment }) => ({
        resource: `Canary of ${entityRef} in ${environment}`,
        lockKey: `azure-container-app:${entityRef}`,
        canRestart: false,
      }),
      revisions: async environment => list(appOf(environment)),
      currentRevision: async environment =>
        list(appOf(environment)).find(({ current }) => current),
      planRollback: async (environment, revision) => {
        const app = appOf(environment);
        return planShift(
          app,
          revision,
          app.traffic[revision] === 100
            ? undefined
            : { name: 'shift', input: { revision, percent: 100 } },
        );
      },
      executeStep: async (environment, { name, input }) => {
        const app = appOf(environment);
        const { revision, percent } = input;
        await app.gate;
        app.changes.push(`${name} ${revision} ${percent}`);
        if (name === 'pause') {
          app.paused = true;
        } else {
          app.shift(String(revision), Number(percent));
        }
        return {};
      },
      compensateStep: async () => {},
      verify: async (environment, revision) => {
        const app = appOf(environment);
        return {
          serving: app.serving,
          inPlace: app.traffic[revision] === 100,
          health: app.healthOf(revision),
        };
      },
      health: async environment => {
        const app = appOf(environment);
        return app.healthOf(app.serving);
      },
      diagnostics: async environment => ({
        health: appOf(environment).health,
        facts: [],
        events: [],
        logs: [],
        problems: [],
      }),
      canary: {
        moves: environment => appOf(environment).moves,
        look: async (environment, { commit }) => {
          const app = appOf(environment);
          await app.answer();
          const own = app.revisions.find(one => one.commit === commit);
          if (!own) {
            return undefined;
          }
          const stable = Object.keys(app.traffic).find(id => id !== own.id);
          return {
            revision: own.id,
            ...(stable && { stable }),
            percent: app.traffic[own.id] ?? 0,
            paused: app.paused,
            ...(app.movesItself && { movesItself: app.movesItself }),
            ...(app.log && { log: app.log }),
            health: app.health,
            problems: app.log ? [] : ['No log is read.'],
          };
        },
        planMove: async (environment, { revision, move, percent }) =>
          planShift(appOf(environment), revision, {
            name: move,
            input: {
              revision,
              percent: move === 'finish' ? 100 : percent,
            },
          }),
      },
    };
  }
}
