import { Mapper, MapperType } from './captureOperations';

/** What {@link checkValue} needs besides mapper and value. */
export interface CheckContext {
  models: Record<string, Mapper>;
  /**
   * Values of properties that the vendor lists beside the model, by `<model>.<property>`: an enumeration
   * that may grow is a plain string to the SDK, but no other value may come from a simulator.
   */
  knownValues: Readonly<Record<string, readonly string[]>>;
}

/** What does not fit the vendor's description, a line each; empty if all of it fits. */
export function checkValue(
  mapper: Mapper,
  value: unknown,
  at: string,
  context: CheckContext,
): string[] {
  if (value === undefined || value === null) {
    return mapper.required && !mapper.readOnly ? [`${at} is missing`] : [];
  }
  const problems = checkOf(mapper.type.name)?.(
    mapper.type,
    value,
    at,
    context,
  ) ?? [`${at} has the type ${mapper.type.name}, which is not checked`];
  return [...problems, ...checkConstraints(mapper, value, at)];
}

type TypeCheck = (
  type: MapperType,
  value: unknown,
  at: string,
  context: CheckContext,
) => string[];

function primitive(
  expected: string,
  fits: (value: unknown) => boolean,
): TypeCheck {
  return (_type, value, at) =>
    fits(value) ? [] : [`${at} is not ${expected}`];
}

const isString = (value: unknown): value is string => typeof value === 'string';

const text = primitive('text', isString);
const time = primitive(
  'a time',
  value => isString(value) && !Number.isNaN(Date.parse(value)),
);
const anything: TypeCheck = () => [];

const checkSequence: TypeCheck = (type, value, at, context) =>
  Array.isArray(value)
    ? value.flatMap((item, index) =>
        checkValue(type.element!, item, `${at}[${index}]`, context),
      )
    : [`${at} is not a list`];

const checkDictionary: TypeCheck = (type, value, at, context) =>
  isRecord(value)
    ? Object.entries(value).flatMap(([key, item]) =>
        checkValue(type.value!, item, `${at}.${key}`, context),
      )
    : [`${at} is not an object`];

const checkEnum: TypeCheck = (type, value, at) =>
  type.allowedValues?.includes(value)
    ? []
    : [
        `${at} is ${JSON.stringify(value)}, which is none of ${
          type.allowedValues
        }`,
      ];

const checkComposite: TypeCheck = (given, value, at, context) => {
  if (!isRecord(value)) {
    return [`${at} is not an object`];
  }
  const type = resolve(given, value, context);
  if (!type.modelProperties) {
    return [];
  }
  return checkNode(
    propertyTree(type.modelProperties, type.className ?? ''),
    value,
    at,
    context,
    type.additionalProperties,
  );
};

const checks: Readonly<Record<string, TypeCheck>> = {
  String: text,
  Uuid: primitive(
    'a UUID',
    value =>
      isString(value) &&
      /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value),
  ),
  Number: primitive('a number', value => typeof value === 'number'),
  Boolean: primitive('true or false', value => typeof value === 'boolean'),
  Date: time,
  DateTime: time,
  DateTimeRfc1123: time,
  UnixTime: primitive('a number', value => typeof value === 'number'),
  TimeSpan: primitive(
    'a duration',
    value => isString(value) && /^-?P/.test(value),
  ),
  ByteArray: text,
  Base64Url: text,
  Stream: text,
  Object: anything,
  any: anything,
  Enum: checkEnum,
  Sequence: checkSequence,
  Dictionary: checkDictionary,
  Composite: checkComposite,
};

/** A property, or a level of the wire format that the SDK flattens away. */
interface PropertyNode {
  mapper?: Mapper;
  /** Key in {@link CheckContext.knownValues}. */
  key?: string;
  children: Map<string, PropertyNode>;
}

/** The SDK names nested properties by a path (`properties.template`); dots in names have a backslash. */
function propertyTree(
  properties: Record<string, Mapper>,
  model: string,
): PropertyNode {
  const root: PropertyNode = { children: new Map() };
  for (const [name, mapper] of Object.entries(properties)) {
    const path = (mapper.serializedName ?? name)
      .split(/(?<!\\)\./)
      .map(part => part.replace(/\\\./g, '.'));
    let node = root;
    for (const part of path) {
      const next = node.children.get(part) ?? { children: new Map() };
      node.children.set(part, next);
      node = next;
    }
    node.mapper = mapper;
    node.key = `${model}.${name}`;
  }
  return root;
}

function checkNode(
  node: PropertyNode,
  value: Record<string, unknown>,
  at: string,
  context: CheckContext,
  additional: Mapper | undefined,
): string[] {
  const known = [...node.children].flatMap(([name, child]) =>
    checkChild(child, value[name], `${at}.${name}`, context),
  );
  const others = Object.keys(value)
    .filter(name => !node.children.has(name))
    .flatMap(name =>
      additional
        ? checkValue(additional, value[name], `${at}.${name}`, context)
        : [`${at}.${name} is not known`],
    );
  return [...known, ...others];
}

function checkChild(
  child: PropertyNode,
  value: unknown,
  at: string,
  context: CheckContext,
): string[] {
  if (child.mapper) {
    return [
      ...checkValue(child.mapper, value, at, context),
      ...checkKnown(child.key, value, at, context),
    ];
  }
  if (value === undefined || value === null) {
    return checkNode(child, {}, at, context, undefined);
  }
  return isRecord(value)
    ? checkNode(child, value, at, context, undefined)
    : [`${at} is not an object`];
}

function checkKnown(
  key: string | undefined,
  value: unknown,
  at: string,
  context: CheckContext,
): string[] {
  const values = key === undefined ? undefined : context.knownValues[key];
  return values && isString(value) && !values.includes(value)
    ? [`${at} is ${JSON.stringify(value)}, which is none of ${values}`]
    : [];
}

/** By name, and to the kind that the discriminator says. */
function resolve(
  given: MapperType,
  value: Record<string, unknown>,
  context: CheckContext,
): MapperType {
  const type =
    given.modelProperties || given.className === undefined
      ? given
      : context.models[given.className]?.type ?? given;
  const discriminator = type.polymorphicDiscriminator;
  if (!discriminator) {
    return type;
  }
  const kinds = context.models.discriminators as unknown as
    | Record<string, Mapper>
    | undefined;
  const kind = value[discriminator.serializedName];
  return kinds?.[`${type.uberParent ?? type.className}.${kind}`]?.type ?? type;
}

function checkConstraints(
  mapper: Mapper,
  value: unknown,
  at: string,
): string[] {
  return Object.entries(mapper.constraints ?? {}).flatMap(([name, limit]) =>
    constraintOf(name)?.(value, limit) ?? true
      ? []
      : [`${at} breaks ${name} ${limit}`],
  );
}

function lengthOf(value: unknown): number {
  return isString(value) || Array.isArray(value) ? value.length : 0;
}

const constraints: Readonly<
  Record<string, (value: unknown, limit: unknown) => boolean>
> = {
  MinLength: (value, limit) => lengthOf(value) >= Number(limit),
  MaxLength: (value, limit) => lengthOf(value) <= Number(limit),
  MinItems: (value, limit) => lengthOf(value) >= Number(limit),
  MaxItems: (value, limit) => lengthOf(value) <= Number(limit),
  InclusiveMinimum: (value, limit) => Number(value) >= Number(limit),
  InclusiveMaximum: (value, limit) => Number(value) <= Number(limit),
  ExclusiveMinimum: (value, limit) => Number(value) > Number(limit),
  ExclusiveMaximum: (value, limit) => Number(value) < Number(limit),
  Pattern: (value, limit) => new RegExp(limit as RegExp).test(String(value)),
  UniqueItems: value =>
    !Array.isArray(value) ||
    new Set(value.map(item => JSON.stringify(item))).size === value.length,
};

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function checkOf(type: string): TypeCheck | undefined {
  return checks[type];
}

function constraintOf(name: string) {
  return constraints[name];
}
