import { RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import { NewService, Place, World } from './ecs/World';
import { AwsBackend, RequestRecord } from './http/AwsBackend';
import { AwsServer } from './http/AwsServer';
import { Faults } from './http/Faults';
import { Credential } from './http/signature';
import { Ledger, ValidationReport } from './model/Ledger';
import { Role } from './sts/assumeRole';

export interface AwsSimulatorOptions {
  /** A free one unless given. */
  port?: number;
  /** Access keys that are known. */
  credentials: readonly Credential[];
  /** Roles that can be taken on. */
  roles?: readonly Role[];
  /** Time from one look of the schedulers to the next, in milliseconds; default 5. */
  tickMs?: number;
  /**
   * The schedulers look at their services each time that a service is described, and only then: how often
   * has to be asked no longer depends on the clock.
   */
  tickOnLook?: boolean;
  /** How many looks the bake time of a blue/green deployment lasts; default 3. */
  bakeTicks?: number;
  /** Keeps the book of several simulators. */
  ledger?: Ledger;
}

/** A simulated AWS on loopback: ECS, ECR and STS at one address. */
export interface AwsSimulator {
  readonly url: string;
  readonly faults: Faults;
  readonly log: readonly RequestRecord[];
  /** All that there is in the accounts, for what has to look like the past. */
  readonly world: World;
  /** Registers a task definition; says its `family:revision`. */
  register(place: Place, request: RegisterTaskDefinitionRequest): string;
  /** Makes a task definition INACTIVE. */
  deregister(place: Place, revision: string): void;
  addService(options: NewService): void;
  /** Deletes a service, so that it is INACTIVE. */
  deleteService(cluster: string, name: string): void;
  /** Tasks of this task definition never come up. */
  failTasks(place: Place, revision: string, reason: string): void;
  /** Schedulers stand still until `resume`. */
  pause(): void;
  resume(): void;
  /** One look of the schedulers, also while they stand still. */
  tick(): void;
  clearFaults(): void;
  validation(): ValidationReport;
  saveValidation(file: string): Promise<void>;
  stop(): Promise<void>;
}

export async function startAwsSimulator(
  options: AwsSimulatorOptions,
): Promise<AwsSimulator> {
  const backend = new AwsBackend({
    credentials: options.credentials,
    roles: options.roles ?? [],
    ledger: options.ledger ?? new Ledger(),
  });
  const { world, faults, ledger } = backend;
  world.bakeTicks = options.bakeTicks ?? 3;
  const server = new AwsServer(backend);
  const url = await server.listen(options.port ?? 0);
  let paused = false;
  const tick = () => {
    if (!paused) {
      world.tick(new Date());
    }
  };
  backend.onLook = options.tickOnLook ? tick : undefined;
  const timer = options.tickOnLook
    ? undefined
    : setInterval(tick, options.tickMs ?? 5);
  return {
    url,
    faults,
    log: backend.log,
    world,
    register(place, request) {
      const { family, revision } = world.register(place, request, new Date());
      return `${family}:${revision}`;
    },
    deregister(place, revision) {
      const found = world.taskDefinition(place, revision);
      found.status = 'INACTIVE';
      found.deregisteredAt = new Date();
    },
    addService: service => {
      world.addService(service, new Date());
    },
    deleteService(cluster, name) {
      world.services
        .filter(each => each.cluster === cluster && each.name === name)
        .forEach(each => {
          each.status = 'INACTIVE';
          each.desiredCount = 0;
        });
    },
    failTasks(place, revision, reason) {
      world.failures.set(world.taskDefinition(place, revision).arn, reason);
    },
    pause: () => {
      paused = true;
    },
    resume: () => {
      paused = false;
    },
    tick: () => world.tick(new Date()),
    clearFaults() {
      faults.clear();
      world.failures.clear();
      paused = false;
    },
    validation: () => ledger.report(),
    saveValidation: file => ledger.save(file),
    async stop() {
      clearInterval(timer);
      await server.close();
    },
  };
}
