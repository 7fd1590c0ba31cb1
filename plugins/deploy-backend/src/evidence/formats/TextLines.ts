import { InputError } from '@backstage/errors';

const maxLine = 1024 * 1024;

/** Cuts text that comes in pieces into lines, without their ends; refuses lines beyond 1 MiB. */
export class TextLines {
  readonly #take: (line: string, number: number) => void;
  #rest = '';
  /** Of the line handed out last, from 1. */
  number = 0;

  constructor(take: (line: string, number: number) => void) {
    this.#take = take;
  }

  write(text: string): void {
    let from = 0;
    for (
      let end = text.indexOf('\n');
      end >= 0;
      end = text.indexOf('\n', from)
    ) {
      this.#hand(this.#rest + text.slice(from, end));
      this.#rest = '';
      from = end + 1;
    }
    this.#rest += text.slice(from);
    if (this.#rest.length > maxLine) {
      throw new InputError(
        `Line ${this.number + 1}: longer than ${maxLine} characters`,
      );
    }
  }

  end(): void {
    if (this.#rest !== '') {
      this.#hand(this.#rest);
      this.#rest = '';
    }
  }

  #hand(line: string) {
    this.number += 1;
    this.#take(line.endsWith('\r') ? line.slice(0, -1) : line, this.number);
  }
}
