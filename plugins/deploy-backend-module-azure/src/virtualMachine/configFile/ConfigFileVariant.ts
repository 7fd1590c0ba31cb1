import { JsonObject } from '@backstage/types';
import { Revision, TargetHealth } from '@vvp/backstage-plugin-deploy-common';
import {
  StepResult,
  TargetError,
  TargetPlan,
  TargetVerification,
} from '@vvp/backstage-plugin-deploy-node';
import { awaitReady, waitSeconds } from '../awaitReady';
import { judgeHealth } from '../judgeHealth';
import { ScriptValues } from '../machine/scripts';
import { throwRefusal } from '../refusals';
import { ConfigFileSpec } from '../settings';
import { logRestored, ownership, readInput } from '../steps';
import { RunScript, Variant, VariantStep } from '../Variant';
import { planConfigFile, planReloadOf } from './planConfigFile';
import {
  checkBackupName,
  isLive,
  MOST_BACKUPS,
  readBackups,
  SeenBackups,
  toRevisions,
} from './readBackups';

/** One configuration file, with timestamped copies of what it was. */
export class ConfigFileVariant implements Variant {
  /** Reading the file again is what a restart is here. */
  readonly canRestart: boolean;
  readonly place: string;
  readonly #spec: ConfigFileSpec;
  readonly #settings: ScriptValues;

  constructor(spec: ConfigFileSpec, settings: ScriptValues) {
    this.place = spec.path;
    this.#spec = spec;
    this.#settings = settings;
    this.canRestart = spec.reload !== undefined;
  }

  async revisions(look: RunScript): Promise<Revision[]> {
    const { seen, health } = await this.#inspectAll(look);
    return toRevisions(seen, health);
  }

  async current(look: RunScript): Promise<Revision | undefined> {
    const all = await this.revisions(look);
    return all.find(({ current }) => current);
  }

  async planRollback(look: RunScript, revision: string): Promise<TargetPlan> {
    checkBackupName(revision);
    const { seen, health } = await this.#inspectAll(look, revision);
    const hash = seen.asked;
    if (hash === undefined) {
      throw new TargetError(
        'not-found',
        `${revision} is no backup of ${this.place} in ${
          this.#spec.backupDirectory
        }.`,
        { remedy: 'Choose one out of the list of revisions.' },
      );
    }
    const inPlace = isLive(hash, seen.live);
    const revisions = toRevisions(seen, health);
    return planConfigFile({
      from: revisions.find(({ current }) => current),
      to: {
        ...(revisions.find(({ id }) => id === revision) ?? {
          id: revision,
          artifact: `sha256:${hash.slice(0, 24)}`,
        }),
        current: inPlace,
      },
      hash,
      alreadyThere: inPlace && works(health),
      file: this.place,
      reload: String(this.#settings.reload),
    });
  }

  async planRestart(look: RunScript): Promise<TargetPlan> {
    return planReloadOf(await this.current(look), this.place);
  }

  async execute(work: VariantStep): Promise<StepResult> {
    const { step, control, limits } = work;
    const look = step.input.reload
      ? (wait: number) => this.#reload(work, wait)
      : (wait: number) => this.#activate(work, wait);
    if (step.name !== 'await-healthy') {
      await look(0);
      control.log(
        step.input.reload
          ? `${this.place} was read again.`
          : `${readInput(step, 'backup')} is in place.`,
      );
      return {};
    }
    await awaitReady(control, limits, look);
    return {};
  }

  async compensate(work: VariantStep): Promise<void> {
    const { step, control, limits } = work;
    if (step.name !== 'restore-file') {
      return;
    }
    const seen = await work.run('config-file-restore', {
      ...ownership(control),
      backup: readInput(step, 'backup'),
      expected: readInput(step, 'hash'),
      wait: waitSeconds(limits.deadlineMs),
    });
    throwRefusal(seen, this.#context('backup of the file as it was'));
    logRestored(control, seen, `${this.place} as it was`);
  }

  async verify(look: RunScript, revision: string): Promise<TargetVerification> {
    const { seen, health } = await this.#inspectAll(look, revision);
    const inPlace = isLive(seen.asked, seen.live);
    const serving = inPlace
      ? revision
      : toRevisions(seen, health).find(({ current }) => current)?.id;
    return { ...(serving !== undefined && { serving }), inPlace, health };
  }

  async #activate({ step, control, run }: VariantStep, wait: number) {
    const backup = readInput(step, 'backup');
    const seen = await run('config-file-activate', {
      ...ownership(control),
      backup,
      expected: readInput(step, 'hash'),
      wait,
    });
    throwRefusal(seen, this.#context(backup));
    if (seen.live !== step.input.hash) {
      throw new TargetError(
        'invalid',
        `${this.place} does not hold ${backup} although it was put there.`,
        { remedy: 'See what else writes this file on the machine.' },
      );
    }
    return { seen, health: judgeHealth(seen, this.#settings) };
  }

  async #reload({ control, run }: VariantStep, wait: number) {
    const seen = await run('config-file-reload', {
      ...ownership(control),
      wait,
    });
    throwRefusal(seen, this.#context('live file'));
    return { seen, health: judgeHealth(seen, this.#settings) };
  }

  async #inspectAll(
    look: RunScript,
    backup = '',
  ): Promise<{ seen: SeenBackups; health: TargetHealth }> {
    const first = await this.#inspect(look, { backup, offset: 0 });
    const backups = [...first.seen.backups];
    let more = first.seen.more;
    while (more && backups.length < MOST_BACKUPS) {
      const offset = backups.length;
      const { seen } = await this.#inspect(look, { backup: '', offset });
      backups.push(
        ...seen.backups.filter(({ name }) =>
          backups.every(known => known.name !== name),
        ),
      );
      more = seen.more && backups.length > offset;
    }
    return { seen: { ...first.seen, backups, more }, health: first.health };
  }

  async #inspect(
    look: RunScript,
    values: { backup: string; offset: number },
  ): Promise<{ seen: SeenBackups; health: TargetHealth }> {
    const answer: JsonObject = await look('config-file-inspect', values);
    throwRefusal(answer, {
      ...this.#context(values.backup),
      place: this.#spec.backupDirectory,
    });
    return {
      seen: readBackups(answer),
      health: judgeHealth(answer, this.#settings),
    };
  }

  #context(backup: string) {
    return { revision: `backup ${backup}`, place: this.place };
  }
}

/** Where nothing is asked of the file, its being in place has to do. */
function works(health: TargetHealth): boolean {
  return health.state === 'healthy' || health.state === 'unknown';
}
