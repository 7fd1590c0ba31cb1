import { data, Evaluator, Lexer, Parser } from '@actions/expressions';
import type { FunctionDefinition } from '@actions/expressions/funcs/info';
import {
  isBasicExpression,
  isBoolean,
  isMapping,
  isNumber,
  isSequence,
  isString,
} from '@actions/workflow-parser';
import type { TemplateToken } from '@actions/workflow-parser/templates/tokens/template-token';
import type { Json } from '../json';

/** What the status functions answer where an expression stands. */
export interface JobStatusFunctions {
  success: boolean;
  failure: boolean;
  cancelled: boolean;
}

export type Contexts = Record<string, Json>;

const NO_STATUS: JobStatusFunctions = {
  success: true,
  failure: false,
  cancelled: false,
};

function toData(value: Json | undefined): data.ExpressionData {
  if (value === null || value === undefined) return new data.Null();
  if (typeof value === 'string') return new data.StringData(value);
  if (typeof value === 'number') return new data.NumberData(value);
  if (typeof value === 'boolean') return new data.BooleanData(value);
  if (Array.isArray(value)) return new data.Array(...value.map(toData));
  return new data.Dictionary(
    ...Object.entries(value).map(([key, child]) => ({
      key,
      value: toData(child),
    })),
  );
}

function fromData(value: data.ExpressionData): Json {
  switch (value.kind) {
    case data.Kind.Array:
      return value.values().map(fromData);
    case data.Kind.Dictionary:
      return Object.fromEntries(
        value.pairs().map(pair => [pair.key, fromData(pair.value)]),
      );
    case data.Kind.Null:
      return null;
    default:
      return value.value;
  }
}

function statusFunctions(
  status: JobStatusFunctions,
): Map<string, FunctionDefinition> {
  const answer = (
    name: string,
    value: boolean,
  ): [string, FunctionDefinition] => [
    name,
    { name, minArgs: 0, maxArgs: 0, call: () => new data.BooleanData(value) },
  ];
  return new Map([
    answer('success', status.success),
    answer('failure', status.failure),
    answer('cancelled', status.cancelled),
    answer('always', true),
    [
      'hashfiles',
      {
        name: 'hashFiles',
        minArgs: 1,
        maxArgs: 255,
        call: () => new data.StringData(''),
      },
    ],
  ]);
}

/** Evaluates an expression by GitHub's own evaluator. */
export function evaluate(
  expression: string,
  contexts: Contexts,
  status: JobStatusFunctions = NO_STATUS,
): Json {
  const functions = statusFunctions(status);
  const parser = new Parser(
    new Lexer(expression).lex().tokens,
    Object.keys(contexts),
    [...functions.values()],
  );
  const dictionary = toData(contexts) as data.Dictionary;
  return fromData(
    new Evaluator(parser.parse(), dictionary, functions).evaluate(),
  );
}

/** What GitHub takes for true. */
export function isTruthy(value: Json): boolean {
  return !(
    value === false ||
    value === null ||
    value === '' ||
    value === 0 ||
    Number.isNaN(value)
  );
}

/** A piece of a workflow with its expressions filled in. */
export function evaluateToken(
  token: TemplateToken | undefined,
  contexts: Contexts,
): Json {
  if (!token) return null;
  if (isBasicExpression(token)) return evaluate(token.expression, contexts);
  if (isString(token)) return token.value;
  if (isNumber(token) || isBoolean(token)) return token.value;
  if (isSequence(token)) {
    const items: Json[] = [];
    for (const item of token) items.push(evaluateToken(item, contexts));
    return items;
  }
  if (isMapping(token)) {
    const entries: Array<[string, Json]> = [];
    for (const pair of token) {
      entries.push([pair.key.toString(), evaluateToken(pair.value, contexts)]);
    }
    return Object.fromEntries(entries);
  }
  return null;
}
