/** What a part of a condition asks for that is not put together from others. */
export interface Atom {
  kind: 'atom';
  /** As it is written, without what negates it. */
  text: string;
  isNegated: boolean;
  /** What is compared with which text. */
  equal?: { subject: string; is: string };
}

/** A condition as a tree; what is negated in it are atoms alone. */
export type Condition =
  | Atom
  | { kind: 'all' | 'any'; of: readonly Condition[] };

/** What is known of a run, by where an expression finds it. */
export type World = Readonly<Record<string, string>>;

export function atom(text: string, equal?: Atom['equal']): Atom {
  return { kind: 'atom', text, isNegated: false, ...(equal && { equal }) };
}

export function all(of: readonly Condition[]): Condition {
  return joined('all', of);
}

export function any(of: readonly Condition[]): Condition {
  return joined('any', of);
}

function joined(kind: 'all' | 'any', of: readonly Condition[]): Condition {
  const flat = of.flatMap(one => (one.kind === kind ? one.of : [one]));
  return flat.length === 1 ? flat[0] : { kind, of: flat };
}

/** The opposite, with the negation at the atoms. */
export function negated(condition: Condition): Condition {
  return condition.kind === 'atom'
    ? { ...condition, isNegated: !condition.isNegated }
    : joined(
        condition.kind === 'all' ? 'any' : 'all',
        condition.of.map(negated),
      );
}

/** What all of has to be true. */
export function conjuncts(condition: Condition): readonly Condition[] {
  return condition.kind === 'all' ? condition.of : [condition];
}

export function atomsOf(condition: Condition): Atom[] {
  return condition.kind === 'atom'
    ? [condition]
    : condition.of.flatMap(atomsOf);
}

/** As it could be written. */
export function textOf(condition: Condition): string {
  if (condition.kind === 'atom') {
    const { text, isNegated } = condition;
    if (!isNegated) {
      return text;
    }
    return / [=<>]=? /.test(text) ? negatedComparison(text) : `!${text}`;
  }
  const isAll = condition.kind === 'all';
  return condition.of
    .map(one => (one.kind === 'atom' ? textOf(one) : `(${textOf(one)})`))
    .join(isAll ? ' && ' : ' || ');
}

function negatedComparison(text: string): string {
  return text.includes(' == ') ? text.replace(' == ', ' != ') : `!(${text})`;
}

/** The same for conditions that differ in nothing but the order of their parts. */
export function keyOf(condition: Condition): string {
  return condition.kind === 'atom'
    ? textOf(condition)
    : `${condition.kind}(${[...new Set(condition.of.map(keyOf))]
        .sort()
        .join(', ')})`;
}

/** The same condition with other atoms. */
export function withAtoms(
  condition: Condition,
  change: (one: Atom) => Atom,
): Condition {
  return condition.kind === 'atom'
    ? change(condition)
    : {
        kind: condition.kind,
        of: condition.of.map(one => withAtoms(one, change)),
      };
}

/** What a condition comes to in a run of which a part is known; undefined if that decides nothing. */
export function decided(
  condition: Condition,
  world: World,
): boolean | undefined {
  if (condition.kind === 'atom') {
    const value = decidedAtom(condition, world);
    return value === undefined ? undefined : value !== condition.isNegated;
  }
  const isAll = condition.kind === 'all';
  const parts = condition.of.map(one => decided(one, world));
  if (parts.includes(!isAll)) {
    return !isAll;
  }
  return parts.includes(undefined) ? undefined : isAll;
}

const CALL = /^(startswith|endswith|contains)\(([\w.-]+), '((?:[^']|'')*)'\)$/;

function decidedAtom({ text, equal }: Atom, world: World): boolean | undefined {
  if (text === 'true' || text === 'false') {
    return text === 'true';
  }
  if (equal) {
    const known = valueIn(world, equal.subject);
    // As GitHub compares them.
    return known === undefined ? undefined : same(known, equal.is);
  }
  const [, name, subject, literal = ''] = CALL.exec(text) ?? [];
  const known = subject === undefined ? undefined : valueIn(world, subject);
  if (known === undefined) {
    return undefined;
  }
  const part = literal.replace(/''/g, "'").toLowerCase();
  const whole = known.toLowerCase();
  switch (name) {
    case 'startswith':
      return whole.startsWith(part);
    case 'endswith':
      return whole.endsWith(part);
    default:
      return whole.includes(part);
  }
}

function valueIn(world: World, subject: string): string | undefined {
  return Object.hasOwn(world, subject) ? world[subject] : undefined;
}

function same(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}
