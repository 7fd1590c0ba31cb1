import { rm } from 'node:fs/promises';
import { Scheduler } from './state/Scheduler';
import { Ids } from './state/Ids';
import { World } from './state/World';
import { Urls } from './serialize';
import { Deliveries, type DeliveryTarget } from './webhooks/Deliveries';
import { Webhooks } from './webhooks/Webhooks';
import { ValidationLedger } from './validation/ValidationLedger';
import { WebhookValidator } from './validation/WebhookValidator';
import { RestValidator } from './validation/RestValidator';
import { RestApi } from './rest/RestApi';
import { Tokens } from './rest/Tokens';
import { OidcIssuer } from './oidc/OidcIssuer';
import { CloudSender } from './clouds';
import { jobReports, ReportSender, type ReportTarget } from './reports';

export interface SimulatorOptions {
  /** How others reach the simulator; stands in every payload. */
  publicUrl: string;
  stateFolder: string;
  /** The simulation's time at the start. */
  startTime: number;
  targets: DeliveryTarget[];
  /** Login by token. */
  tokens: Record<string, string>;
  /** Where jobs of the examples post their reports. */
  reports?: ReportTarget;
  /** Address of the control of the simulated clouds. */
  cloudUrl?: string;
}

const HOOK_ID = 446_300_001;
const APP = { id: 700_123, slug: 'deploy-portal' };
/** Ids move on by this many each second that passed since the anchor. */
const IDS_PER_SECOND = 50;

/** The simulated GitHub, without its HTTP server. */
export class Simulator {
  readonly world: World;
  readonly ids: Ids;
  readonly deliveries: Deliveries;
  readonly ledger: ValidationLedger;
  readonly webhookValidator: WebhookValidator;
  readonly api: RestApi;
  readonly tokens: Tokens;
  readonly oidc: OidcIssuer;
  readonly reports: ReportSender | undefined;
  readonly clouds: CloudSender | undefined;
  readonly #scheduler: Scheduler;
  #queue: Promise<unknown> = Promise.resolve();
  #isLive = false;
  #timer: NodeJS.Timeout | undefined;

  private constructor(options: {
    world: World;
    ids: Ids;
    scheduler: Scheduler;
    deliveries: Deliveries;
    ledger: ValidationLedger;
    webhookValidator: WebhookValidator;
    api: RestApi;
    tokens: Tokens;
    oidc: OidcIssuer;
    reports: ReportSender | undefined;
    clouds: CloudSender | undefined;
  }) {
    this.world = options.world;
    this.ids = options.ids;
    this.#scheduler = options.scheduler;
    this.deliveries = options.deliveries;
    this.ledger = options.ledger;
    this.webhookValidator = options.webhookValidator;
    this.api = options.api;
    this.tokens = options.tokens;
    this.oidc = options.oidc;
    this.reports = options.reports;
    this.clouds = options.clouds;
  }

  static async create(options: SimulatorOptions): Promise<Simulator> {
    await rm(`${options.stateFolder}/repositories`, {
      recursive: true,
      force: true,
    });
    const ids = new Ids();
    const scheduler = new Scheduler(options.startTime);
    const urls = new Urls(options.publicUrl);
    const ledger = new ValidationLedger();
    const deliveries = new Deliveries(options.targets, HOOK_ID);
    const webhookValidator = new WebhookValidator(ledger);
    const webhooks = new Webhooks(urls, ids, webhookValidator, deliveries);
    const world = new World({
      ids,
      scheduler,
      urls,
      webhooks,
      app: APP,
      stateFolder: options.stateFolder,
    });
    const validator = await RestValidator.create(ledger);
    const tokens = new Tokens(options.tokens);
    const api = new RestApi({ world, tokens, validator, ledger });
    const oidc = await OidcIssuer.create(urls);
    const reports =
      options.reports &&
      new ReportSender(options.reports, (job, audience) =>
        oidc.mint(job, { audience }),
      );
    const clouds =
      options.cloudUrl === undefined
        ? undefined
        : new CloudSender(options.cloudUrl);
    world.onJobCompleted = async job => {
      await clouds?.add(job);
      reports?.add(job, await jobReports(world, job));
    };
    return new Simulator({
      world,
      ids,
      scheduler,
      deliveries,
      ledger,
      webhookValidator,
      api,
      tokens,
      oidc,
      reports,
      clouds,
    });
  }

  /**
   * One piece of work at a time. What it sets going is played to the end
   * before the next, or as the real clock allows when live.
   */
  exclusive<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(async () => {
      if (this.#isLive) await this.#catchUp();
      const result = await work();
      if (!this.#isLive) await this.#scheduler.runUntil(Infinity);
      this.#arm();
      return result;
    });
    this.#queue = done.catch(() => undefined);
    return done;
  }

  /** Plays what is planned until then and stops there. */
  playUntil(time: number, plan: () => Promise<void>): Promise<void> {
    const done = this.#queue.then(async () => {
      await plan();
      await this.#scheduler.runUntil(time);
      this.#scheduler.advanceTo(time);
    });
    this.#queue = done.catch(() => undefined);
    return done;
  }

  /**
   * From here on the real clock decides what is due. What was due since the
   * clock stood still happens first, so that it is the same at each start.
   */
  async goLive(): Promise<void> {
    const stoodAt = this.#scheduler.now;
    await this.playUntil(Date.now(), async () => undefined);
    const passed = Math.max(0, Date.now() - stoodAt) / 1000;
    this.ids.skip(passed * IDS_PER_SECOND);
    this.world.durations = {
      minimumSeconds: 4,
      maximumSeconds: 12,
      queueSeconds: 1,
    };
    this.#isLive = true;
    this.#arm();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.deliveries.stop();
    this.reports?.stop();
    this.clouds?.stop();
  }

  async #catchUp(): Promise<void> {
    await this.#scheduler.runUntil(Date.now());
    this.#scheduler.advanceTo(Date.now());
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const { next } = this.#scheduler;
    if (!this.#isLive || next === undefined) return;
    const wait = Math.min(60_000, Math.max(0, next - Date.now()));
    this.#timer = setTimeout(() => {
      this.exclusive(async () => undefined).catch((cause: unknown) => {
        process.stderr.write(`${String(cause)}\n`);
      });
    }, wait);
  }
}
