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
import { ReleaseSpec } from '../settings';
import { logRestored, ownership, readInput } from '../steps';
import { RunScript, Variant, VariantStep } from '../Variant';
import { planRelease, planRestartOf } from './planRelease';
import {
  checkReleaseName,
  MOST_REVISIONS,
  readCurrent,
  readReleases,
  SeenReleases,
  toRevision,
  toRevisions,
} from './readRelease';

/** Releases in directories, with a symbolic link to the one that serves. */
export class ReleaseVariant implements Variant {
  readonly canRestart = true;
  readonly place: string;
  readonly #unit: string;
  readonly #settings: ScriptValues;

  constructor(spec: ReleaseSpec, settings: ScriptValues) {
    this.place = spec.directory;
    this.#unit = spec.unit;
    this.#settings = settings;
  }

  async revisions(look: RunScript): Promise<Revision[]> {
    const first = await this.#inspect(look, { release: '', offset: 0 });
    const releases = [...first.seen.releases];
    let more = first.seen.more;
    while (more && releases.length < MOST_REVISIONS) {
      const offset = releases.length;
      const { seen } = await this.#inspect(look, { release: '', offset });
      releases.push(
        ...seen.releases.filter(({ name }) =>
          releases.every(known => known.name !== name),
        ),
      );
      more = seen.more && releases.length > offset;
    }
    return toRevisions({ ...first.seen, releases }, first.health);
  }

  async current(look: RunScript): Promise<Revision | undefined> {
    const { seen, health } = await this.#inspect(look, {
      release: '',
      offset: 0,
    });
    return currentOf(seen, health);
  }

  async planRollback(look: RunScript, revision: string): Promise<TargetPlan> {
    checkReleaseName(revision);
    const { seen, health } = await this.#inspect(look, {
      release: revision,
      offset: 0,
    });
    if (seen.asked !== 'complete') {
      throw new TargetError(
        'not-found',
        seen.asked === 'incomplete'
          ? `The release ${revision} in ${this.place} is empty or was not extracted to the end.`
          : `There is no release ${revision} in ${this.place}.`,
        {
          remedy: 'Choose another one, or let the pipeline deploy it again.',
        },
      );
    }
    const to =
      toRevisions(seen, health).find(({ id }) => id === revision) ??
      toRevision(revision, seen.current === revision, health);
    return planRelease({
      from: currentOf(seen, health),
      to,
      health,
      unit: this.#unit,
    });
  }

  async planRestart(look: RunScript): Promise<TargetPlan> {
    return planRestartOf(await this.current(look), this.#unit);
  }

  async execute(work: VariantStep): Promise<StepResult> {
    const { step, control, limits } = work;
    const script = step.input.restart ? 'release-restart' : 'release-activate';
    const release = step.input.restart ? '' : readInput(step, 'release');
    const look = async (wait: number) => {
      const seen = await work.run(script, {
        ...ownership(control),
        release,
        wait,
      });
      throwRefusal(seen, this.#context(release));
      return { seen, health: judgeHealth(seen, this.#settings) };
    };
    if (step.name !== 'await-healthy') {
      await look(0);
      control.log(`${this.#unit} was restarted.`);
      return {};
    }
    await awaitReady(control, limits, look);
    return {};
  }

  async compensate(work: VariantStep): Promise<void> {
    const { step, control, limits } = work;
    if (step.name !== 'switch-release') {
      return;
    }
    const release = readInput(step, 'release');
    const seen = await work.run('release-restore', {
      ...ownership(control),
      release,
      wait: waitSeconds(limits.deadlineMs),
    });
    throwRefusal(seen, this.#context(readInput(step, 'from')));
    logRestored(control, seen, readCurrent(seen).current ?? 'Nothing');
    const health = judgeHealth(seen, this.#settings);
    if (health.state !== 'healthy') {
      control.log(health.reason ?? 'It is not up.', 'warn');
    }
  }

  async verify(look: RunScript, revision: string): Promise<TargetVerification> {
    const { seen, health } = await this.#inspect(look, {
      release: '',
      offset: 0,
    });
    return {
      ...(seen.current !== undefined && { serving: seen.current }),
      inPlace: seen.current === revision,
      health,
    };
  }

  async #inspect(
    look: RunScript,
    values: { release: string; offset: number },
  ): Promise<{ seen: SeenReleases; health: TargetHealth }> {
    const answer: JsonObject = await look('release-inspect', values);
    throwRefusal(answer, {
      ...this.#context(values.release),
      place: `${this.place}/releases`,
    });
    return {
      seen: readReleases(answer),
      health: judgeHealth(answer, this.#settings),
    };
  }

  #context(release: string) {
    return {
      revision: `release ${release}`,
      place: this.place,
      unit: this.#unit,
    };
  }
}

function currentOf(
  seen: SeenReleases,
  health: TargetHealth,
): Revision | undefined {
  return toRevisions(seen, health).find(({ current }) => current);
}
