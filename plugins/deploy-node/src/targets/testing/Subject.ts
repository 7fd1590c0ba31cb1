import { TargetSpec } from '@vvp/backstage-plugin-deploy-common';
import { TargetPlan, TargetVerification } from '../DeployTarget';
import { TargetError } from '../TargetError';
import { DriveOptions, DriveResult, drivePlan } from './drivePlan';
import { spread } from './spread';
import { TargetHarness } from './TargetHarness';

/** How long verification looks at the platform, in milliseconds; so often at least, as a machine may stand still. */
const VERIFICATION_MS = 2_000;
const FEWEST_LOOKS = 10;

/** Deaths that are tried out of all that are possible, unless said otherwise. */
const MOST_DEATHS = 16;

/** A target on its platform, and what the checks do with it. */
export class Subject<TSpec extends TargetSpec = TargetSpec> {
  readonly harness: TargetHarness<TSpec>;
  readonly #options: DriveOptions;
  readonly #mostDeaths: number;

  constructor(
    harness: TargetHarness<TSpec>,
    options: DriveOptions & { mostDeaths?: number } = {},
  ) {
    const { mostDeaths = MOST_DEATHS, ...driveOptions } = options;
    this.harness = harness;
    this.#options = driveOptions;
    this.#mostDeaths = mostDeaths;
  }

  /** At which of these moments a process dies, one after the other, evenly spread. */
  deaths(first: number, last: number): number[] {
    return spread(first, last, this.#mostDeaths);
  }

  get target() {
    return this.harness.target;
  }

  get environment() {
    return this.harness.environment;
  }

  get signal(): AbortSignal {
    return AbortSignal.timeout(30_000);
  }

  plan(revision: string): Promise<TargetPlan> {
    return this.target.planRollback(this.environment, revision, this.signal);
  }

  /** Drives a plan as the engine does; what does not prove itself in the end is undone. */
  drive(plan: TargetPlan, options: DriveOptions = {}): Promise<DriveResult> {
    return drivePlan(this.target, this.environment, plan.steps, {
      ...this.#options,
      ...options,
    });
  }

  /** Looks until the revision is in place and healthy, for a while. */
  async verify(revision: string): Promise<TargetVerification> {
    const end = Date.now() + VERIFICATION_MS;
    for (let looks = 1; ; looks++) {
      const seen = await this.target.verify(
        this.environment,
        revision,
        this.signal,
      );
      const isGood = seen.inPlace && seen.health.state === 'healthy';
      if (isGood || (looks >= FEWEST_LOOKS && Date.now() >= end)) {
        return seen;
      }
      await new Promise(resolve => setTimeout(resolve, 20));
    }
  }

  /** The platform and the target agree that it serves, and that it works. */
  async expectServing(revision: string): Promise<void> {
    expect(await this.harness.serving()).toBe(revision);
    const seen = await this.verify(revision);
    expect(seen).toMatchObject({ inPlace: true, serving: revision });
    // A platform that does not tell health is not unhealthy.
    expect(['healthy', 'unknown']).toContain(seen.health.state);
  }

  /** The work fails with a TargetError of one of these kinds. */
  async expectKind(
    work: Promise<unknown>,
    kinds: readonly string[],
  ): Promise<void> {
    const error = await work.then(
      () => undefined,
      cause => cause,
    );
    expect(error).toBeInstanceOf(TargetError);
    expect(kinds).toContain(error.kind);
    expect(error.message).toMatch(/\S/);
  }
}
