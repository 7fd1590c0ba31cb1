import { expressionIn } from '../source/scope';
import { all, any, atom, Condition, negated, textOf } from './Condition';

/** Deeper ones are nobody's, and would cost a stack. */
const DEPTH = 50;

const TOKEN =
  /\s*(?:('(?:[^']|'')*')|(&&|\|\||==|!=|<=|>=|[!<>()[\],.*])|([A-Za-z_][\w-]*)|([-+]?(?:0x[\da-f]+|\d*\.?\d+(?:e[-+]?\d+)?)))/iy;

/** A side of a comparison, as it is written; or a condition in parentheses. */
type Term = { text: string; literal?: string } | { condition: Condition };

class NoExpression extends Error {}

function tokensOf(text: string): string[] | undefined {
  const tokens: string[] = [];
  const pattern = new RegExp(TOKEN);
  while (pattern.lastIndex < text.length) {
    const found = pattern.exec(text);
    if (!found) {
      return undefined;
    }
    tokens.push(found[0].trim());
  }
  return tokens;
}

class Reader {
  #at = 0;
  #depth = 0;

  constructor(private readonly tokens: readonly string[]) {}

  whole(): Condition {
    const condition = this.#or();
    if (this.#at < this.tokens.length) {
      throw new NoExpression();
    }
    return condition;
  }

  #or(): Condition {
    this.#depth += 1;
    if (this.#depth > DEPTH) {
      throw new NoExpression();
    }
    const parts = this.#list('||', () => this.#and());
    this.#depth -= 1;
    return any(parts);
  }

  #and(): Condition {
    return all(this.#list('&&', () => this.#comparison()));
  }

  #list<Part>(separator: string, part: () => Part): Part[] {
    const parts = [part()];
    while (this.#take(separator)) {
      parts.push(part());
    }
    return parts;
  }

  #comparison(): Condition {
    const left = this.#unary();
    const operator = ['==', '!=', '<=', '>=', '<', '>'].find(one =>
      this.#take(one),
    );
    if (operator === undefined) {
      return conditionOf(left);
    }
    const right = this.#unary();
    if ('condition' in left || 'condition' in right) {
      throw new NoExpression();
    }
    return compared(left, operator, right);
  }

  #unary(): Term {
    let isNegated = false;
    let isCondition = false;
    while (this.#take('!')) {
      isNegated = !isNegated;
      isCondition = true;
    }
    const term = this.#term();
    const condition = isCondition ? conditionOf(term) : undefined;
    if (!condition) {
      return term;
    }
    return { condition: isNegated ? negated(condition) : condition };
  }

  #term(): Term {
    if (this.#take('(')) {
      const condition = this.#or();
      this.#expect(')');
      return { condition };
    }
    const token = this.#next();
    if (token.startsWith("'")) {
      return { text: token, literal: token.slice(1, -1).replace(/''/g, "'") };
    }
    if (/^[-+.\d]/.test(token)) {
      return { text: token };
    }
    if (!/^[A-Za-z_]/.test(token)) {
      throw new NoExpression();
    }
    // GitHub does not tell upper and lower case apart in names.
    const name = token.toLowerCase();
    return { text: this.#take('(') ? this.#call(name) : this.#path(token) };
  }

  #call(name: string): string {
    const parts: string[] = [];
    if (!this.#take(')')) {
      parts.push(...this.#list(',', () => textOfTerm(this.#argument())));
      this.#expect(')');
    }
    return this.#path(`${name}(${parts.join(', ')})`);
  }

  #argument(): Term {
    const condition = this.#or();
    return { condition };
  }

  #path(start: string): string {
    let text = start;
    for (;;) {
      if (this.#take('.')) {
        text += `.${this.#next()}`;
      } else if (this.#take('[')) {
        const inside = textOfTerm(this.#argument());
        this.#expect(']');
        const [, key] = /^'([A-Za-z_][\w-]*)'$/.exec(inside) ?? [];
        text += key === undefined ? `[${inside}]` : `.${key}`;
      } else {
        return text;
      }
    }
  }

  #take(token: string): boolean {
    const isNext = this.tokens[this.#at] === token;
    this.#at += isNext ? 1 : 0;
    return isNext;
  }

  #expect(token: string): void {
    if (!this.#take(token)) {
      throw new NoExpression();
    }
  }

  #next(): string {
    const token = this.tokens[this.#at];
    if (token === undefined) {
      throw new NoExpression();
    }
    this.#at += 1;
    return token;
  }
}

function conditionOf(term: Term): Condition {
  return 'condition' in term ? term.condition : atom(term.text);
}

function textOfTerm(term: Term): string {
  return 'condition' in term ? textOf(term.condition) : term.text;
}

function compared(
  left: { text: string; literal?: string },
  operator: string,
  right: { text: string; literal?: string },
): Condition {
  if (operator !== '==' && operator !== '!=') {
    return atom(`${left.text} ${operator} ${right.text}`);
  }
  const [subject, value] =
    left.literal !== undefined && right.literal === undefined
      ? [right, left]
      : [left, right];
  const equal = atom(
    `${subject.text} == ${value.text}`,
    value.literal === undefined
      ? undefined
      : { subject: subject.text, is: value.literal },
  );
  return operator === '==' ? equal : negated(equal);
}

/**
 * Reads an expression as GitHub does, into a tree.
 *
 * @returns undefined for what is no expression of GitHub's, or one that is put together from several
 */
export function parseCondition(text: string): Condition | undefined {
  const tokens = tokensOf((expressionIn(text) ?? text).trim());
  if (!tokens || tokens.length === 0) {
    return undefined;
  }
  try {
    const reader = new Reader(tokens);
    return reader.whole();
  } catch (error) {
    if (error instanceof NoExpression) {
      return undefined;
    }
    throw error;
  }
}
