import { parse } from 'yaml';

/** An input as the workflow file declares it. */
export interface DeclaredInput {
  type: 'string' | 'boolean' | 'number' | 'choice' | 'environment';
  required: boolean;
  hasDefault: boolean;
  /** Of a `choice`. */
  options?: string[];
}

/** How a workflow may be dispatched. */
export interface DispatchTrigger {
  inputs: Record<string, DeclaredInput>;
  /** Whether the title of a run tells the input `correlation`. */
  tellsCorrelation: boolean;
}

/** Name of the input that a run is found again by. */
export const CORRELATION_INPUT = 'correlation';

/** What GitHub takes in one dispatch. */
const MOST_INPUTS = 25;

const types = ['string', 'boolean', 'number', 'choice', 'environment'] as const;

/**
 * Reads `on.workflow_dispatch` of a workflow file. Throws what the YAML parser throws.
 *
 * Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#onworkflow_dispatchinputs
 *
 * @returns undefined if the workflow cannot be dispatched
 */
export function readDispatchTrigger(file: string): DispatchTrigger | undefined {
  const workflow: unknown = parse(file);
  if (!isRecord(workflow)) {
    return undefined;
  }
  const { on } = workflow;
  const isListed =
    on === 'workflow_dispatch' ||
    (Array.isArray(on) && on.includes('workflow_dispatch'));
  if (!isListed && !(isRecord(on) && Object.hasOwn(on, 'workflow_dispatch'))) {
    return undefined;
  }
  const trigger = isRecord(on) ? on.workflow_dispatch : undefined;
  const declared = isRecord(trigger) && isRecord(trigger.inputs);
  return {
    inputs: Object.fromEntries(
      Object.entries(declared ? (trigger.inputs as object) : {}).map(
        ([name, input]) => [name, toDeclaredInput(input)],
      ),
    ),
    tellsCorrelation:
      typeof workflow['run-name'] === 'string' &&
      /\$\{\{[^}]*\binputs\.correlation\b[^}]*\}\}/.test(workflow['run-name']),
  };
}

/** What is wrong with the inputs of a dispatch, a sentence for each that names it. */
export function checkInputs(
  declared: Readonly<Record<string, DeclaredInput>>,
  given: Readonly<Record<string, string>>,
): string[] {
  const unknown = Object.keys(given)
    .filter(name => !Object.hasOwn(declared, name))
    .map(name => `inputs.${name}: the workflow has no such input.`);
  const tooMany =
    Object.keys(given).length > MOST_INPUTS
      ? [`inputs: GitHub takes ${MOST_INPUTS} at most.`]
      : [];
  const wrong = Object.entries(declared).flatMap(([name, input]) => {
    const problem = problemOf(
      input,
      Object.hasOwn(given, name) ? given[name] : undefined,
    );
    return problem ? [`inputs.${name}: ${problem}`] : [];
  });
  return [...tooMany, ...unknown, ...wrong];
}

function problemOf(
  input: DeclaredInput,
  value: string | undefined,
): string | undefined {
  if (value === undefined) {
    return input.required && !input.hasDefault
      ? 'the workflow needs it, and it has no default.'
      : undefined;
  }
  if (input.required && value === '') {
    return 'the workflow needs it, it cannot be empty.';
  }
  switch (input.type) {
    case 'boolean':
      return ['true', 'false'].includes(value)
        ? undefined
        : 'has to be true or false.';
    case 'number':
      return value.trim() !== '' && Number.isFinite(Number(value))
        ? undefined
        : 'has to be a number.';
    case 'choice':
      return input.options?.includes(value)
        ? undefined
        : `has to be one of ${(input.options ?? []).join(', ')}.`;
    case 'environment':
      return value !== '' ? undefined : 'has to name an environment.';
    default:
      return undefined;
  }
}

function toDeclaredInput(input: unknown): DeclaredInput {
  const { type, required, options, ...others } = isRecord(input) ? input : {};
  return {
    type: types.find(one => one === type) ?? 'string',
    required: required === true,
    hasDefault: others.default !== undefined && others.default !== null,
    ...(Array.isArray(options) && { options: options.map(String) }),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
