import { names } from '../../generate/names';
import { Condition } from '../conditions/Condition';
import { parseCondition } from '../conditions/parseCondition';
import { Leaf, Told } from '../types';
import { Facts } from './facts';
import { LeafIndex } from './LeafIndex';
import { legsOf } from './legsOf';
import { ReadWorkflow } from './readWorkflow';
import { conditionOf, environmentScope, Scope, toldOf } from './scope';
import { StepView } from './StepView';

/** A job, or one leg of its matrix. */
export class JobView {
  readonly facts = new Facts();
  /** The job that hands over the reports of this one, and does nothing else. */
  reportedBy?: JobView;
  #steps?: StepView[];
  #scope?: Scope;

  private constructor(
    readonly workflow: ReadWorkflow,
    readonly index: LeafIndex,
    readonly key: string,
    /** Values of the matrix, by name. */
    readonly leg: ReadonlyMap<string, Leaf>,
    /** Whether it is the first leg, or there is no matrix. */
    readonly isFirst: boolean,
  ) {}

  /** All legs of all jobs of a workflow. */
  static of(workflow: ReadWorkflow, index: LeafIndex): JobView[] {
    const legs = new Map(
      workflow.source.jobs.map(({ key }) => [
        key,
        legsOf(index, key).map(
          (leg, number) => new JobView(workflow, index, key, leg, number === 0),
        ),
      ]),
    );
    for (const [key, views] of legs) {
      const reporting = legs.get(names.report(key)) ?? [];
      views.forEach((view, number) => {
        view.reportedBy = reporting
          .slice(number, number + 1)
          .find(one => one.isReportOf(key));
      });
    }
    return [...legs.values()].flat();
  }

  private isReportOf(key: string): boolean {
    return (
      this.needs.some(({ value }) => value === key) &&
      this.steps.every(
        ({ uses, script }) =>
          script?.name === 'report-evidence.sh' ||
          uses === 'actions/checkout' ||
          uses === 'actions/download-artifact',
      )
    );
  }

  get steps(): StepView[] {
    const { steps = [] } =
      this.workflow.source.jobs.find(({ key }) => key === this.key) ?? {};
    this.#steps ??= steps.map((_, number) => new StepView(this, number));
    return this.#steps;
  }

  at(...path: readonly string[]): Leaf | undefined {
    return this.index.at('jobs', this.key, ...path);
  }

  under(...path: readonly string[]): readonly Leaf[] {
    return this.index.under('jobs', this.key, ...path);
  }

  get needs(): Told<string>[] {
    return this.index.texts('jobs', this.key, 'needs');
  }

  /** The whole condition as a tree; undefined where there is none, or none that can be read. */
  get tree(): Condition | undefined {
    const leaf = this.at('if');
    return leaf && parseCondition(String(leaf.value));
  }

  get condition(): string {
    return conditionOf(String(this.at('if')?.value ?? ''));
  }

  /** Variables and values of the matrix that the whole job sees. */
  get scope(): Scope {
    this.#scope ??= new Map([
      ...environmentScope(this.index.under('env')),
      ...environmentScope(this.under('env')),
      ...[...this.leg].map(([name, leaf]) => [`matrix.${name}`, leaf] as const),
    ]);
    return this.#scope;
  }

  /** What stands at a place, with what it refers to. */
  text(...path: readonly string[]): Told<string> | undefined {
    return toldOf(this.at(...path), this.scope);
  }

  /** The environment at GitHub, in either form. */
  get environment(): { name?: Told<string>; url?: Told<string> } {
    const name = this.text('environment', 'name') ?? this.text('environment');
    const url = this.text('environment', 'url');
    return { ...(name && { name }), ...(url && { url }) };
  }
}
