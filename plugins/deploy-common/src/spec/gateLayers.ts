import { GatesDocument } from './normaliseGates';

type Path = readonly string[];

/** A rule, or false, with the place where it is written. */
export interface Written {
  gate: GatesDocument[string];
  path: Path;
  /** The environments that the rule names, with the keys that lead to each. */
  places: { keys: readonly string[]; place: string }[];
}

/** Gates of one place in the file, by name. */
export type Layer = ReadonlyMap<string, Written>;

/** The gates that stand in one place, which `path` leads to. */
export function readLayer(gates: GatesDocument | undefined, path: Path): Layer {
  return new Map(
    Object.entries(gates ?? {}).map(([name, gate]) => [
      name,
      { gate, path: [...path, 'gates', name], places: placesOf(gate) },
    ]),
  );
}

function placesOf(gate: GatesDocument[string]): Written['places'] {
  if (typeof gate === 'boolean') {
    return [];
  }
  const places: [string[], string | undefined][] = [
    [['environment'], gate.environment],
    [['passedIn'], gate.passedIn],
    [['succeededIn'], gate.succeededIn],
    [['soak', 'in'], gate.soak?.in],
  ];
  return places.flatMap(([keys, place]) =>
    place === undefined ? [] : [{ keys, place }],
  );
}

/** The rules that apply, as `gatesOf` puts them together. */
export function mergeLayers(layers: readonly Layer[]): Layer {
  const rules = new Map<string, Written>();
  for (const layer of layers) {
    for (const [name, written] of layer) {
      if (written.gate) {
        rules.set(name, written);
      } else {
        rules.delete(name);
      }
    }
  }
  return rules;
}
