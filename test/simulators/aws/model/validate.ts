import { Schema, Shape, shapeOf } from './schema';

/** What of a value, as it goes over the wire, is not as the schema has it. */
export function validate(shape: Shape, value: unknown, at = '$'): string[] {
  if (value === null) {
    return [`${at}: null`];
  }
  switch (shape.kind) {
    case 'simple':
      return fits(shape.type, value)
        ? []
        : [`${at}: ${typeof value} instead of ${shape.type}`];
    case 'list':
      return Array.isArray(value)
        ? value.flatMap((item, index) =>
            validate(shapeOf(shape.member), item, `${at}[${index}]`),
          )
        : [`${at}: ${typeof value} instead of a list`];
    case 'map':
      return isObject(value)
        ? Object.entries(value).flatMap(([key, item]) =>
            validate(shapeOf(shape.value), item, `${at}.${key}`),
          )
        : [`${at}: ${typeof value} instead of a map`];
    default:
      return isObject(value)
        ? structureProblems(shape, value, at)
        : [`${at}: ${typeof value} instead of ${shape.name}`];
  }
}

/** Puts dates as the JSON protocol has them: seconds since 1970. Leaves out what is undefined. */
export function toWire(value: unknown): unknown {
  if (value instanceof Date) {
    return value.getTime() / 1000;
  }
  if (Array.isArray(value)) {
    return value.map(toWire);
  }
  if (isObject(value)) {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(([key, item]) => [key, toWire(item)]),
    );
  }
  return value;
}

function structureProblems(
  shape: Extract<Shape, { kind: 'structure' }>,
  value: Record<string, unknown>,
  at: string,
): string[] {
  const schemas = new Map<string, Schema>(
    shape.members.map(member => [member.name, member.schema]),
  );
  const missing = shape.members
    .filter(member => member.required && value[member.name] === undefined)
    .map(member => `${at}.${member.name}: missing, ${shape.name} requires it`);
  const members = Object.entries(value).flatMap(([name, item]) =>
    schemas.has(name)
      ? validate(shapeOf(schemas.get(name)), item, `${at}.${name}`)
      : [`${at}.${name}: ${shape.name} has no such member`],
  );
  return [...missing, ...members];
}

function fits(type: string, value: unknown): boolean {
  switch (type) {
    case 'number':
    case 'timestamp':
      return typeof value === 'number' && Number.isFinite(value);
    case 'blob':
      return typeof value === 'string';
    case 'document':
      return true;
    default:
      return typeof value === type;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
