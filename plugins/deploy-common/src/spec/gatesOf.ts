import { withPrevious } from '../gates/places';
import { GateRule } from '../gates/types';
import { GateSettings, PipelineSpec, ServiceSpec } from './types';

/**
 * The gates of a service in an environment, in the order in which they are written: those of the whole
 * file, of the environment, of the service, and of the service there. A later one replaces the earlier
 * one of its name as a whole, or switches it off. In an environment that the file does not declare, those
 * of the whole file and of the service apply. `previous` becomes the environment that the service runs in
 * before this one; in its first it stays, and {@link judgeGate} fails it.
 *
 * @param serviceKey - Key in `spec.services`; without such a service there are no gates.
 * @public
 */
export function gatesOf(
  spec: PipelineSpec,
  serviceKey: string,
  environment: string,
): GateRule[] {
  const service = spec.services.find(({ key }) => key === serviceKey);
  if (!service) {
    return [];
  }
  const previous = previousOf(service, environment);
  return mergeGates([
    spec.gates,
    spec.environments.find(({ name }) => name === environment)?.gates,
    service.gates,
    service.environments.find(({ name }) => name === environment)?.gates,
  ]).map(rule => withPrevious(rule, previous));
}

/** Later settings replace or switch off those of the same name before them. */
export function mergeGates(
  settings: readonly (GateSettings | undefined)[],
): GateRule[] {
  const rules = new Map<string, GateRule>();
  for (const layer of settings) {
    for (const [key, rule] of Object.entries(layer ?? {})) {
      if (rule) {
        rules.set(key, rule);
      } else {
        rules.delete(key);
      }
    }
  }
  return [...rules.values()];
}

function previousOf(
  service: ServiceSpec,
  environment: string,
): string | undefined {
  const names = service.environments.map(each => each.name);
  return names[names.indexOf(environment) - 1];
}
