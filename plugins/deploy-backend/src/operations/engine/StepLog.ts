import { LogLine, redact } from '@vvp/backstage-plugin-deploy-common';

/** Lines of a step that are kept: its first, and its last. */
export const FIRST_LINES = 100;
export const LAST_LINES = 400;

const MAX_LINE = 2_000;

/** Longer texts are cut before they are looked through for secrets. */
const MAX_TEXT = 256 * 1024;

/** Lines of a step that are not written yet; bounded, as what is written is. */
export class StepLog {
  readonly #now: () => Date;
  #lines: LogLine[] = [];
  #sequence: number;

  /** @param last - sequence of the last line that an earlier attempt wrote */
  constructor(now: () => Date, last: number) {
    this.#now = now;
    this.#sequence = last;
  }

  get isEmpty(): boolean {
    return this.#lines.length === 0;
  }

  /** Adds a text, which may be of several lines. */
  add(text: string, level: LogLine['level'] = 'info'): void {
    const at = this.#now().toISOString();
    // As a whole, since some secrets go over several lines.
    const clean = redact(String(text).slice(0, MAX_TEXT));
    for (const line of clean.split(/\r\n|[\r\n]/)) {
      this.#sequence += 1;
      this.#lines.push({
        sequence: this.#sequence,
        at,
        level,
        text: boundedLine(line),
      });
    }
    if (this.#lines.length > 2 * (FIRST_LINES + LAST_LINES)) {
      this.#lines = withoutMiddle(this.#lines, this.#sequence);
    }
  }

  /** Hands over what is there, and forgets it. */
  take(): LogLine[] {
    const lines = withoutMiddle(this.#lines, this.#sequence);
    this.#lines = [];
    return lines;
  }
}

/** Without the lines that are neither among the first nor among the last. */
function withoutMiddle(lines: LogLine[], last: number): LogLine[] {
  return lines.filter(
    ({ sequence }) => sequence <= FIRST_LINES || sequence > last - LAST_LINES,
  );
}

/** NUL is no text for PostgreSQL, and half of a surrogate pair no text at all. */
function boundedLine(line: string): string {
  const clean = line.replaceAll('\0', '');
  const cut =
    clean.length > MAX_LINE ? `${clean.slice(0, MAX_LINE - 1)}…` : clean;
  return Buffer.from(cut).toString();
}
