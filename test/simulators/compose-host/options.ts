/** What a program says of a call that it does not understand. */
export class UsageError extends Error {}

/** Options of a command, by name; `true` for one that takes a value. */
export type Options = Readonly<Record<string, boolean>>;

/** A call as its program understands it. */
export interface Call {
  /** Values of each option, an empty text for one that takes none. */
  options: Record<string, string[]>;
  operands: string[];
}

/** Reads arguments as strictly as can be: whatever is not in the table is an error. */
export function parseCall(
  argv: readonly string[],
  known: Options,
  operandCount: readonly [number, number],
): Call {
  const options: Call['options'] = {};
  let index = 0;
  for (; index < argv.length && argv[index].startsWith('-'); index++) {
    const name = argv[index];
    if (!Object.hasOwn(known, name)) {
      throw new UsageError(`unknown flag: ${name}`);
    }
    const values = options[name] ?? [];
    if (known[name]) {
      index += 1;
      if (argv[index] === undefined) {
        throw new UsageError(`flag needs an argument: ${name}`);
      }
      values.push(argv[index]);
    } else {
      values.push('');
    }
    options[name] = values;
  }
  const operands = argv.slice(index);
  const [fewest, most] = operandCount;
  if (operands.length < fewest || operands.length > most) {
    throw new UsageError(`takes ${fewest} to ${most} operands`);
  }
  return { options, operands };
}
