import { NotableTest, TestOutcome } from '@vvp/backstage-plugin-deploy-common';
import {
  firstLine,
  longestMessage,
  longestName,
  longestTrace,
  reportText,
} from '../reportText';

type Attributes = Readonly<Record<string, string>>;

/** Text kept of a problem; the trace is cut shorter when blank space and colours are gone. */
const longestText = 2 * longestTrace;

/** Why a case failed or was skipped. */
export class JunitProblem {
  readonly #attributes: Attributes;
  #text = '';

  constructor(attributes: Attributes) {
    this.#attributes = attributes;
  }

  addText(text: string): void {
    if (this.#text.length < longestText) {
      this.#text += text.slice(0, longestText - this.#text.length);
    }
  }

  get message(): string | undefined {
    const { message, type } = this.#attributes;
    const stated = withoutGoNoise(message?.slice(0, longestText));
    const told = withoutGoNoise(this.#text);
    return (
      reportText(
        stated === 'Failed' ? told || stated : stated,
        longestMessage,
      ) ??
      reportText(firstLine(told), longestMessage) ??
      reportText(type, longestMessage)
    );
  }

  get trace(): string | undefined {
    return reportText(this.#text, longestTrace);
  }
}

/**
 * Go's tools have `Failed` for every message and begin every text by `=== RUN TestName`; what a test has to say
 * comes behind it.
 */
function withoutGoNoise(text: string | undefined): string | undefined {
  return text?.startsWith('=== RUN')
    ? text.replace(/^[ \t]*(===|---) [A-Z]+:? .*\n?/gm, '').trim()
    : text;
}

/** Outcomes that some tools write as `status`; others pass or fail by the elements in the case. */
const outcomesByStatus: ReadonlyMap<string, TestOutcome> = new Map([
  ['notrun', 'skipped'],
  ['disabled', 'skipped'],
  ['skipped', 'skipped'],
  ['fail', 'failed'],
  ['failed', 'failed'],
  ['failure', 'failed'],
  ['error', 'failed'],
]);

/** A `<testcase>` under way. */
export class JunitCase {
  failure?: JunitProblem;
  skip?: JunitProblem;
  /** A failure that a retry made up for. */
  flake?: JunitProblem;

  constructor(
    readonly attributes: Attributes,
    readonly seconds: number | undefined,
  ) {}

  get outcome(): TestOutcome {
    if (this.failure) {
      return 'failed';
    }
    if (this.skip) {
      // CTest counts such a test as failed, but writes it as skipped.
      return this.skip.message === 'Unable to find executable'
        ? 'failed'
        : 'skipped';
    }
    const { status } = this.attributes;
    return (status && outcomesByStatus.get(status)) || 'passed';
  }

  /** Tells a case from others of its suite. */
  get key(): string {
    return `${this.attributes.classname ?? ''}\n${this.attributes.name ?? ''}`;
  }

  /** The case to be kept. */
  describe(suite: string, place: { file?: string; line?: number }) {
    const { outcome } = this;
    const { name, classname } = this.attributes;
    const className = reportText(classname, longestName);
    const problem = this.failure ?? this.skip ?? this.flake;
    const test: NotableTest = {
      suite,
      name: reportText(name, longestName) ?? className ?? suite,
      className,
      outcome,
      flaky: outcome === 'passed' && this.flake !== undefined,
      durationSeconds: this.seconds,
      message: problem?.message,
      trace: outcome === 'skipped' ? undefined : problem?.trace,
      ...place,
    };
    return test;
  }
}
