import { checkGateRule, Report } from './checkGateRule';
import { Layer, mergeLayers, readLayer } from './gateLayers';
import { PipelineDocument } from './schema';
import { quote, suggest } from './suggest';

type Path = readonly string[];
type ServiceDocument = PipelineDocument['spec']['services'][string];

/** Names that begin so are those of app-config's required gates. */
export const RESERVED_PREFIX = 'required-';

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

class GateCheck {
  readonly #document: PipelineDocument;
  readonly #report: Report;
  /** In order. */
  readonly #declared: ReadonlySet<string>;
  readonly #whole: Layer;
  readonly #environments: ReadonlyMap<string, Layer>;
  /** Environments of services without gates of their own, which are checked once. */
  readonly #checked = new Set<string>();

  constructor(document: PipelineDocument, report: Report) {
    const { environments, gates } = document.spec;
    this.#document = document;
    this.#report = report;
    this.#declared = new Set(environments.map(({ name }) => name));
    this.#whole = readLayer(gates, ['spec']);
    this.#environments = new Map(
      environments.map((environment, index) => [
        environment.name,
        readLayer(environment.gates, ['spec', 'environments', String(index)]),
      ]),
    );
  }

  run() {
    this.#checkLayer(this.#whole, []);
    for (const layer of this.#environments.values()) {
      this.#checkLayer(layer, [this.#whole]);
    }
    for (const [key, service] of Object.entries(this.#document.spec.services)) {
      this.#checkService(key, service);
    }
  }

  #checkService(key: string, service: ServiceDocument) {
    const path = ['spec', 'services', key];
    const places = [...this.#declared].filter(name =>
      Object.hasOwn(service.environments, name),
    );
    const own = readLayer(service.gates, path);
    const there = new Map(
      places.map(name => [
        name,
        readLayer(service.environments[name].gates, [
          ...path,
          'environments',
          name,
        ]),
      ]),
    );
    const less = (name: string) => [
      this.#whole,
      this.#environments.get(name) ?? new Map(),
    ];
    this.#checkLayer(own, places.flatMap(less));
    for (const [name, layer] of there) {
      this.#checkLayer(layer, [...less(name), own]);
    }
    if ([own, ...there.values()].every(({ size }) => size === 0)) {
      const kind = JSON.stringify(places);
      if (this.#checked.has(kind)) {
        return;
      }
      this.#checked.add(kind);
    }
    const policies = places.map(name =>
      mergeLayers([...less(name), own, there.get(name) ?? new Map()]),
    );
    const order = new Map(places.map((name, index) => [name, index]));
    for (const place of places) {
      this.#checkPolicy(place, order, policies);
    }
  }

  /** Each rule by itself. */
  #checkLayer(layer: Layer, less: readonly Layer[]) {
    for (const [name, { gate, path, places }] of layer) {
      checkGateRule(gate, path, this.#report);
      if (name.startsWith(RESERVED_PREFIX)) {
        this.#report(
          path,
          `names that begin with ${quote(
            RESERVED_PREFIX,
          )} are those of the portal's own gates`,
          'Choose another name.',
        );
      }
      if (gate === false && !less.some(each => each.has(name))) {
        const known = new Set(less.flatMap(each => [...each.keys()]));
        this.#report(
          path,
          `no gate ${quote(
            name,
          )} is set for more, so that false switches off nothing`,
          suggest(name, [...known]),
        );
      }
      for (const { keys, place } of places) {
        this.#checkDeclared([...path, ...keys], keys[0], place);
      }
    }
  }

  #checkDeclared(path: Path, key: string, place: string) {
    const words = key === 'environment' ? ['here', 'previous'] : ['previous'];
    if (!words.includes(place) && !this.#declared.has(place)) {
      this.#report(
        path,
        `the environment ${quote(place)} is not declared`,
        suggest(place, [...this.#declared, ...words]),
      );
    }
  }

  /** Rules in one environment of one service: what they look at must come before. */
  #checkPolicy(
    here: string,
    order: ReadonlyMap<string, number>,
    policies: readonly Layer[],
  ) {
    const index = order.get(here) ?? 0;
    const previous = [...order.keys()][index - 1];
    for (const [name, { path, places }] of policies[index]) {
      for (const { keys, place } of places) {
        const other = place === 'previous' ? previous : place;
        const problem = this.#placeProblem(keys[0], here, other, order);
        if (problem) {
          this.#report([...path, ...keys], ...problem);
          continue;
        }
        const there = policies[order.get(other) ?? -1];
        if (keys[0] === 'passedIn' && there && !there.has(name)) {
          this.#report(
            [...path, ...keys],
            `${quote(other)} has no gate ${quote(name)} that could pass`,
            'Add it there.',
          );
        }
      }
    }
  }

  #placeProblem(
    key: string,
    here: string,
    other: string | undefined,
    order: ReadonlyMap<string, number>,
  ): [message: string, remedy: string] | undefined {
    if (other === undefined) {
      return [
        `there is no environment before ${quote(
          here,
        )}, where this gate applies, too`,
        'Write the gate at the environments that come after it, or switch it off there with false.',
      ];
    }
    const isEvidence = key === 'environment';
    // A name that is not declared is found with the rule itself.
    if ((isEvidence && other === 'here') || !this.#declared.has(other)) {
      return undefined;
    }
    const position = order.get(other);
    if (position === undefined) {
      return [
        `a service that has this gate does not run in ${quote(other)}`,
        'Name an environment that it runs in, or switch the gate off for it with false.',
      ];
    }
    if (!isEvidence && position >= (order.get(here) ?? 0)) {
      return [
        `${quote(other)} does not come before ${quote(
          here,
        )}, where this gate applies`,
        'Name an environment that comes before, or switch the gate off here with false.',
      ];
    }
    return undefined;
  }
}

/** Checks the gates of a file: each by itself, and all that apply to each service and environment. */
export function checkGates(document: PipelineDocument, report: Report): void {
  new GateCheck(document, withoutRepetition(report)).run();
}
