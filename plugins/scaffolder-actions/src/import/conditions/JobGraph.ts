import { atomsOf, Condition, conjuncts } from './Condition';
import { Triggers } from './triggers';

/** What a job asks for and waits for. */
export interface JobNode {
  /** Undefined where there is no condition. */
  condition?: Condition;
  needs: readonly string[];
}

const STATUS = /^(success|failure|cancelled|always)\(\)/;

/** What holds for every job of a run: not what became of those that one job waits for. */
function isOfRun(condition: Condition): boolean {
  return !atomsOf(condition).some(
    ({ text }) => STATUS.test(text) || text.includes('needs.*'),
  );
}

/** The jobs of a workflow, and what starts it. */
export class JobGraph {
  constructor(
    readonly triggers: Triggers,
    private readonly nodes: ReadonlyMap<string, JobNode>,
  ) {}

  has(key: string): boolean {
    return this.nodes.has(key);
  }

  needs(key: string): readonly string[] {
    return this.nodes.get(key)?.needs ?? [];
  }

  /** A job, all that it waits for, and what these wait for in turn. */
  before(key: string): ReadonlySet<string> {
    const found = new Set([key]);
    for (const one of found) {
      this.needs(one).forEach(other => found.add(other));
    }
    return found;
  }

  /** What a job itself asks for. */
  own(key: string): readonly Condition[] {
    const { condition } = this.nodes.get(key) ?? {};
    return condition ? conjuncts(condition) : [];
  }

  /** Whether GitHub asks, unasked, for the success of all that a job waits for. */
  isStrict(key: string): boolean {
    return !this.own(key)
      .flatMap(atomsOf)
      .some(({ text }) => STATUS.test(text));
  }

  /** What a job asks for, and those without whose success it does not run. */
  effective(key: string): readonly Condition[] {
    const found = new Set([key]);
    for (const one of found) {
      this.needs(one)
        .filter(other => this.isStrict(one) || this.asksFor(one, other))
        .forEach(other => found.add(other));
    }
    return [...found].flatMap(one =>
      one === key ? this.own(one) : this.own(one).filter(isOfRun),
    );
  }

  /** Whether a job runs only if another one succeeded, or said something. */
  private asksFor(key: string, other: string): boolean {
    return this.own(key).some(one =>
      (one.kind === 'any' ? one.of : [one]).every(part =>
        conjuncts(part).some(
          asked =>
            asked.kind === 'atom' &&
            !asked.isNegated &&
            (asked.text === `needs.${other}.result == 'success'` ||
              (asked.text.startsWith(`needs.${other}.outputs.`) &&
                (asked.equal?.is ?? '') !== '')),
        ),
      ),
    );
  }
}
