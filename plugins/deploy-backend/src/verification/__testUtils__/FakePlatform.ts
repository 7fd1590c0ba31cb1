import { JsonObject } from '@backstage/types';
import {
  DeployTarget,
  StepControl,
  StepResult,
  TargetEnvironment,
  TargetVerification,
} from '@vvp/backstage-plugin-deploy-node';
import { RunningOperation } from '../../operations/engine/types';

/** Changes what serves, or says that the platform fails, before a look. */
type Event = (platform: FakePlatform) => void;

/** A platform with one place where a revision serves, and the target that drives it. */
export class FakePlatform {
  /** Undefined: nothing. */
  serving: string | undefined = 'new';
  health: TargetVerification['health'] = { state: 'healthy' };
  /** A part of the traffic goes elsewhere. */
  isSplit = false;
  looks = 0;
  /** Names of the target's steps that were done. */
  readonly done: string[] = [];
  /** Before the look of that number, counted from 1. */
  readonly events = new Map<number, Event>();
  /** While a step is done. */
  duringStep: (control: StepControl) => Promise<void> = async () => {};

  readonly environment = {
    entityRef: 'component:default/issuer',
    repository: 'example-org/vvp',
    environment: 'production',
    tier: 'production',
    target: { type: 'azure-vm', resourceGroup: 'vvp', name: 'pbx' },
  } satisfies TargetEnvironment;

  target(): DeployTarget {
    return {
      type: 'azure-vm',
      currentRevision: async () =>
        this.serving === undefined
          ? undefined
          : { id: this.serving, current: true },
      health: async () => {
        this.looks += 1;
        return this.health;
      },
      verify: async (_environment: TargetEnvironment, revision: string) => {
        this.looks += 1;
        this.events.get(this.looks)?.(this);
        return {
          serving: this.serving,
          inPlace: this.serving === revision && !this.isSplit,
          health: this.health,
        };
      },
      executeStep: async (
        _environment: TargetEnvironment,
        step: { name: string; input: JsonObject },
        control: StepControl,
      ): Promise<StepResult> => {
        await this.duringStep(control);
        this.serving = String(step.input.revision);
        this.done.push(step.name);
        return { output: { served: this.serving } };
      },
    } as unknown as DeployTarget;
  }

  operation(): RunningOperation {
    return {
      id: 'operation',
      serviceId: 'service',
      environmentId: 'environment',
      kind: 'rollback',
      automatic: false,
      requestedBy: 'user:default/oncall',
      context: {},
      createdAt: '2026-01-05T09:00:00.000Z',
      steps: [
        {
          name: 'stop-runs',
          title: '',
          runner: 'github-runs',
          input: { revision: 'never' },
        },
        {
          name: 'switch',
          title: '',
          runner: 'target',
          input: { revision: 'old' },
        },
      ],
    };
  }
}

/** What a step is given, and what it did with it. */
export class FakeControl implements StepControl {
  readonly operationId = 'operation';
  readonly fence = 1;
  readonly outputs = {};
  readonly controller = new AbortController();
  readonly signal = this.controller.signal;
  readonly lines: string[] = [];
  readonly waits: number[] = [];
  memory: JsonObject;

  constructor(readonly attempt = 1, memory: JsonObject = {}) {
    this.memory = memory;
  }

  log(text: string, level = 'info') {
    this.lines.push(`${level} ${text}`);
  }

  async remember(memory: JsonObject) {
    // As from the database.
    this.memory = JSON.parse(JSON.stringify(memory));
  }

  async wait(milliseconds: number) {
    this.signal.throwIfAborted();
    this.waits.push(milliseconds);
  }
}
