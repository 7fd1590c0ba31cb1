/* eslint-disable-next-line no-restricted-syntax -- JSON of any form */
type Json = any;

/**
 * What "kubectl apply" makes of an object: what is written down now replaces what is there, what was written down
 * the last time and no longer is goes, and all else stays. Lists of named things are merged by their names.
 */
export function threeWayMerge(last: Json, live: Json, next: Json): Json {
  if (isNamedList(next) && isNamedList(live)) {
    const wasNamed = isNamedList(last) ? last : [];
    const of = (list: Json[], name: string) =>
      list.find(item => item.name === name);
    return [
      ...live
        .filter(({ name }: Json) => of(next, name) || !of(wasNamed, name))
        .map((item: Json) =>
          of(next, item.name)
            ? threeWayMerge(of(wasNamed, item.name), item, of(next, item.name))
            : item,
        ),
      ...next.filter(({ name }: Json) => !of(live, name)),
    ];
  }
  if (!isMap(next) || !isMap(live)) {
    return next;
  }
  const merged: Record<string, Json> = { ...live };
  for (const key of Object.keys(isMap(last) ? last : {})) {
    if (!(key in next)) {
      delete merged[key];
    }
  }
  for (const [key, value] of Object.entries(next)) {
    merged[key] = threeWayMerge(last?.[key], live[key], value);
  }
  return merged;
}

function isMap(value: Json): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNamedList(value: Json): boolean {
  return (
    Array.isArray(value) && value.every(item => typeof item?.name === 'string')
  );
}
