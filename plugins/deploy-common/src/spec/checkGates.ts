import { checkGateRule, Report } from './checkGateRule';
import { GateDocument, GatesDocument } from './normaliseGates';
import { PipelineDocument } from './schema';
import { quote, suggest } from './suggest';

type Path = readonly string[];
type ServiceDocument = PipelineDocument['spec']['services'][string];

/** Gates of one place in the file. */
interface Layer {
  gates?: GatesDocument;
  path: Path;
}

/** A rule with the place where it is written. */
interface Written {
  gate: GateDocument;
  path: Path;
}

/** Names that begin so are those of app-config's required gates. */
export const RESERVED_PREFIX = 'required-';

/** Checks the gates of a file: each by itself, and all that apply to each service and environment. */
export function checkGates(document: PipelineDocument, report: Report): void {
  const once = withoutRepetition(report);
  const declared = document.spec.environments.map(({ name }) => name);
  for (const layer of layersOf(document)) {
    for (const [name, gate] of Object.entries(layer.gates ?? {})) {
      const path = [...layer.path, name];
      checkGateRule(gate, path, once);
      checkName(name, path, once);
      if (typeof gate === 'object') {
        checkDeclared(gate, path, declared, once);
      }
    }
  }
  for (const [key, service] of Object.entries(document.spec.services)) {
    checkService(document, key, service, once);
  }
}

function withoutRepetition(report: Report): Report {
  const seen = new Set<string>();
  return (path, message, remedy) => {
    const key = JSON.stringify([path, message]);
    if (!seen.has(key)) {
      seen.add(key);
      report(path, message, remedy);
    }
  };
}

const wholeFile = ['spec', 'gates'];

function environmentLayer(document: PipelineDocument, name: string): Layer {
  const { environments } = document.spec;
  const index = environments.findIndex(each => each.name === name);
  return {
    gates: environments[index]?.gates,
    path: ['spec', 'environments', String(index), 'gates'],
  };
}

function serviceLayer(key: string, service: ServiceDocument): Layer {
  return { gates: service.gates, path: ['spec', 'services', key, 'gates'] };
}

function ownLayer(
  key: string,
  service: ServiceDocument,
  environment: string,
): Layer {
  return {
    gates: service.environments[environment]?.gates,
    path: [
      ...['spec', 'services', key],
      ...['environments', environment, 'gates'],
    ],
  };
}

function layersOf(document: PipelineDocument): Layer[] {
  const { spec } = document;
  return [
    { gates: spec.gates, path: wholeFile },
    ...spec.environments.map(({ name }) => environmentLayer(document, name)),
    ...Object.entries(spec.services).flatMap(([key, service]) => [
      serviceLayer(key, service),
      ...Object.keys(service.environments).map(name =>
        ownLayer(key, service, name),
      ),
    ]),
  ];
}

function checkName(name: string, path: Path, report: Report) {
  if (name.startsWith(RESERVED_PREFIX)) {
    report(
      path,
      `names that begin with ${quote(
        RESERVED_PREFIX,
      )} are those of the portal's own gates`,
      'Choose another name.',
    );
  }
}

/** The environments that a rule names, with the key that names each. */
function placesOf(gate: GateDocument): [string[], string][] {
  const places: [string[], string | undefined][] = [
    [['environment'], gate.environment],
    [['passedIn'], gate.passedIn],
    [['succeededIn'], gate.succeededIn],
    [['soak', 'in'], gate.soak?.in],
  ];
  return places.flatMap(([key, place]) =>
    place === undefined ? [] : [[key, place]],
  );
}

function checkDeclared(
  gate: GateDocument,
  path: Path,
  declared: readonly string[],
  report: Report,
) {
  for (const [key, place] of placesOf(gate)) {
    const words =
      key[0] === 'environment' ? ['here', 'previous'] : ['previous'];
    if (!words.includes(place) && !declared.includes(place)) {
      report(
        [...path, ...key],
        `the environment ${quote(place)} is not declared`,
        suggest(place, [...declared, ...words]),
      );
    }
  }
}

function checkService(
  document: PipelineDocument,
  key: string,
  service: ServiceDocument,
  report: Report,
) {
  const declared = document.spec.environments.map(({ name }) => name);
  const places = declared.filter(name =>
    Object.hasOwn(service.environments, name),
  );
  const whole: Layer = { gates: document.spec.gates, path: wholeFile };
  const own = serviceLayer(key, service);
  const set = new Set(Object.keys(document.spec.gates ?? {}));
  checkSwitches(whole, new Set(), report);
  const policies = new Map(
    places.map(place => {
      const there = environmentLayer(document, place);
      checkSwitches(there, new Set(Object.keys(whole.gates ?? {})), report);
      Object.keys(there.gates ?? {}).forEach(name => set.add(name));
      return [place, merge([whole, there, own, ownLayer(key, service, place)])];
    }),
  );
  checkSwitches(own, set, report);
  for (const [index, place] of places.entries()) {
    const less = [whole, environmentLayer(document, place), own];
    const known = less.flatMap(({ gates }) => Object.keys(gates ?? {}));
    checkSwitches(ownLayer(key, service, place), new Set(known), report);
    for (const [name, written] of policies.get(place) ?? []) {
      checkPlaces({ name, written, index, places, declared, policies }, report);
    }
  }
}

/** The rules that apply, as `gatesOf` puts them together. */
function merge(layers: readonly Layer[]): Map<string, Written> {
  const rules = new Map<string, Written>();
  for (const { gates, path } of layers) {
    for (const [name, gate] of Object.entries(gates ?? {})) {
      if (typeof gate === 'object') {
        rules.set(name, { gate, path: [...path, name] });
      } else {
        rules.delete(name);
      }
    }
  }
  return rules;
}

function checkSwitches(
  { gates, path }: Layer,
  known: ReadonlySet<string>,
  report: Report,
) {
  for (const [name, gate] of Object.entries(gates ?? {})) {
    if (gate === false && !known.has(name)) {
      report(
        [...path, name],
        `no gate ${quote(
          name,
        )} is set for more, so that false switches off nothing`,
        suggest(name, [...known]),
      );
    }
  }
}

/** Checks a rule in one environment of one service: what it looks at must come before. */
function checkPlaces(
  options: {
    name: string;
    written: Written;
    index: number;
    places: readonly string[];
    declared: readonly string[];
    policies: ReadonlyMap<string, ReadonlyMap<string, Written>>;
  },
  report: Report,
) {
  const { name, written, index, places, declared, policies } = options;
  const here = places[index];
  for (const [key, place] of placesOf(written.gate)) {
    const path = [...written.path, ...key];
    const other = place === 'previous' ? places[index - 1] : place;
    const isEvidence = key[0] === 'environment';
    if (other === undefined) {
      report(
        path,
        `there is no environment before ${quote(
          here,
        )}, where this gate applies, too`,
        'Write the gate at the environments that come after it, or switch it off there with false.',
      );
    } else if (isEvidence && other === 'here') {
      continue;
    } else if (!declared.includes(other)) {
      // Found by checkDeclared.
      continue;
    } else if (!places.includes(other)) {
      report(
        path,
        `a service that has this gate does not run in ${quote(other)}`,
        'Name an environment that it runs in, or switch the gate off for it with false.',
      );
    } else if (!isEvidence && places.indexOf(other) >= index) {
      report(
        path,
        `${quote(other)} does not come before ${quote(
          here,
        )}, where this gate applies`,
        'Name an environment that comes before, or switch the gate off here with false.',
      );
    } else if (key[0] === 'passedIn' && !policies.get(other)?.has(name)) {
      report(
        path,
        `${quote(other)} has no gate ${quote(name)} that could pass`,
        'Add it there.',
      );
    }
  }
}
