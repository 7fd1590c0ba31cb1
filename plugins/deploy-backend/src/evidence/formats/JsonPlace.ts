import { TokenType } from '@streamparser/json';

interface Level {
  list: boolean;
  key: string | number;
}

/**
 * Where in a JSON file a stream of tokens is: how deep, and since when inside of a wanted value.
 */
export class JsonPlace {
  readonly #wanted: string[][];
  readonly #levels: Level[] = [];
  #lastString = '';
  #wantedDepth?: number;
  #wantedSince?: number;

  /** @param paths - such as `$.runs.*.results.*` */
  constructor(paths: readonly string[]) {
    this.#wanted = paths.map(path => path.split('.').slice(1));
  }

  get depth(): number {
    return this.#levels.length;
  }

  /** Keys and indices that lead to the value that comes next. */
  get path(): (string | number)[] {
    return this.#levels.map(level => level.key);
  }

  /** Offset at which the outermost wanted value began that is under way. */
  get wantedSince(): number | undefined {
    return this.#wantedSince;
  }

  take(token: TokenType, value: unknown, offset: number): void {
    const level = this.#levels[this.#levels.length - 1];
    switch (token) {
      case TokenType.STRING:
        this.#lastString = value as string;
        break;
      case TokenType.COLON:
        if (level) {
          level.key = this.#lastString;
        }
        break;
      case TokenType.COMMA:
        if (level?.list) {
          level.key = (level.key as number) + 1;
        }
        break;
      case TokenType.LEFT_BRACE:
      case TokenType.LEFT_BRACKET:
        if (this.#wantedSince === undefined && this.#isWanted()) {
          this.#wantedSince = offset;
          this.#wantedDepth = this.depth;
        }
        this.#levels.push({ list: token === TokenType.LEFT_BRACKET, key: 0 });
        break;
      case TokenType.RIGHT_BRACE:
      case TokenType.RIGHT_BRACKET:
        this.#levels.pop();
        if (this.depth === this.#wantedDepth) {
          this.#wantedSince = undefined;
          this.#wantedDepth = undefined;
        }
        break;
      default:
    }
  }

  #isWanted(): boolean {
    return this.#wanted.some(
      path =>
        path.length === this.depth &&
        path.every(
          (key, at) => key === '*' || key === String(this.#levels[at].key),
        ),
    );
  }
}
