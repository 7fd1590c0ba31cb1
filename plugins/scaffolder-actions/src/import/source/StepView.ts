import { Leaf, Told } from '../types';
import { CommandView } from './CommandView';
import type { JobView } from './JobView';
import { environmentScope, Scope, toldOf } from './scope';

/** A step of a job. */
export class StepView {
  #commands?: CommandView[];

  constructor(readonly job: JobView, readonly number: number) {}

  /** The action without its version. */
  get uses(): string | undefined {
    const uses = this.at('uses')?.value;
    return typeof uses === 'string' ? uses.replace(/@.*$/, '') : undefined;
  }

  at(...path: readonly string[]): Leaf | undefined {
    return this.job.at('steps', String(this.number), ...path);
  }

  under(...path: readonly string[]): readonly Leaf[] {
    return this.job.under('steps', String(this.number), ...path);
  }

  get scope(): Scope {
    return new Map([...this.job.scope, ...environmentScope(this.under('env'))]);
  }

  /** An input of the action. */
  input(name: string): Told<string> | undefined {
    return toldOf(this.at('with', name), this.scope);
  }

  /** A variable of this step alone. */
  variable(name: string): Told<string> | undefined {
    return toldOf(this.at('env', name), this.job.scope);
  }

  /** The commands of the script that are surely run, with variables put in. */
  get commands(): readonly CommandView[] {
    const path = ['jobs', this.job.key, 'steps', String(this.number), 'run'];
    this.#commands ??= this.job.index.commands(...path).flatMap(leaf => {
      if (!leaf.command || leaf.command.isPart) {
        return [];
      }
      return [new CommandView(leaf, this.scope)];
    });
    return this.#commands;
  }

  /** Where its script runs; the root unless said otherwise. */
  get directory(): Told<string> | undefined {
    return (
      toldOf(this.at('working-directory'), this.scope) ??
      this.job.text('defaults', 'run', 'working-directory') ??
      toldOf(
        this.job.index.at('defaults', 'run', 'working-directory'),
        this.scope,
      )
    );
  }

  /** The name of the script of this tool that is run, and what it is told behind it. */
  get script(): { name: string; words: string[]; leaf: Leaf } | undefined {
    const [only, ...rest] = this.commands;
    const [program = ''] = only?.words ?? [];
    const [, name] =
      /(?:^|\/)\.github\/deploy\/([\w-]+\.sh)$/.exec(program) ?? [];
    return name && rest.length === 0
      ? { name, words: only.words.slice(1), leaf: only.leaf }
      : undefined;
  }
}
