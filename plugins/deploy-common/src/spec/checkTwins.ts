import { PipelineDocument } from './schema';
import { quote } from './suggest';
import { targetIdentities } from './targetIdentity';

type Report = (
  path: readonly string[],
  message: string,
  remedy: string,
) => void;

/** Where targets were named before, by their connection. */
type Places = Map<string | undefined, string>;

/**
 * Two environments on one target: what is locked or confirmed in the one could be done in the other.
 * A target without a connection takes the only one there is, which is the one that others name.
 */
export function checkTwins(document: PipelineDocument, report: Report): void {
  const known = new Map<string, Places>();
  for (const [key, service] of Object.entries(document.spec.services)) {
    for (const [name, { target }] of Object.entries(service.environments)) {
      if (!target) {
        continue;
      }
      const connection = 'connection' in target ? target.connection : undefined;
      const place = `${quote(name)} of ${quote(key)}`;
      const identities = targetIdentities(target);
      const twin = identities
        .map(identity => twinIn(known.get(identity), connection))
        .find(found => found !== undefined);
      if (twin !== undefined) {
        report(
          ['spec', 'services', key, 'environments', name, 'target'],
          `the environments ${twin} and ${place} have the same target`,
          'Give each a target of its own, or keep it in one of them: a lock there could be walked around by way of the other.',
        );
      }
      for (const identity of identities) {
        const places: Places = known.get(identity) ?? new Map();
        known.set(identity, places);
        places.set(connection, places.get(connection) ?? place);
      }
    }
  }
}

function twinIn(
  places: Places | undefined,
  connection: string | undefined,
): string | undefined {
  return connection === undefined
    ? places?.values().next().value
    : places?.get(connection) ?? places?.get(undefined);
}
