import { PipelineDocument } from './schema';
import { quote } from './suggest';
import {
  areToldApart,
  DrivenTarget,
  drivenTargets,
  targetDetails,
  targetIdentities,
} from './targetIdentity';

type Report = (
  path: readonly string[],
  message: string,
  remedy: string,
) => void;

/** Something that the portal can set going, and where. */
interface Named extends DrivenTarget {
  /** The environment and its service, for people. */
  place: string;
  connection?: string;
  details: ReadonlyMap<string, string>;
}

/**
 * Two environments on one target, or on one call of a workflow: what is locked or confirmed in the one could
 * be done in the other. So could it where what deploys is called a test.
 */
export function checkTwins(document: PipelineDocument, report: Report): void {
  const known = new Map<string, Named[]>();
  for (const [key, service] of Object.entries(document.spec.services)) {
    for (const [name, environment] of Object.entries(service.environments)) {
      const place = `${quote(name)} of ${quote(key)}`;
      for (const driven of drivenTargets(environment)) {
        const { target, path } = driven;
        const named: Named = {
          ...driven,
          place,
          ...('connection' in target && { connection: target.connection }),
          details: targetDetails(target),
        };
        const identities = targetIdentities(target);
        const twin = identities
          .flatMap(identity => known.get(identity) ?? [])
          .find(other => areTwins(other, named));
        if (twin) {
          report(
            ['spec', 'services', key, 'environments', name, ...path],
            ...explain(twin, named),
          );
        }
        for (const identity of identities) {
          const same = known.get(identity) ?? [];
          known.set(identity, same);
          same.push(named);
        }
      }
    }
  }
}

function areTwins(left: Named, right: Named): boolean {
  // Tests may be shared, and an environment may name in two ways what deploys there.
  const mayClash =
    left.place === right.place
      ? left.deploys !== right.deploys
      : left.deploys || right.deploys;
  return (
    mayClash &&
    mayMeet(left, right) &&
    !areToldApart(left.details, right.details)
  );
}

/**
 * A target without a connection takes the only one there is, which is the one that others name; a module
 * of one's own may see that otherwise.
 */
function mayMeet(left: Named, right: Named): boolean {
  const isKnown = left.target.type !== 'custom';
  return (
    left.connection === right.connection ||
    (isKnown &&
      (left.connection === undefined || right.connection === undefined))
  );
}

/** How to tell two apart, by the type of target. */
const hints: Partial<Record<string, string>> = {
  'github-workflow':
    ' Only an input that both name, with different values, tells them apart.',
  custom:
    ' Only a setting that both name, with different values, tells them apart.',
};

function explain(first: Named, second: Named): [string, string] {
  const hint = hints[second.target.type] ?? '';
  if (first.deploys !== second.deploys) {
    const [deploys, tests] = first.deploys ? [first, second] : [second, first];
    return [
      `${quote(tests.path.join('.'))} in ${
        tests.place
      } may start what deploys to ${deploys.place}`,
      `Name a workflow that tests and nothing else: tests need fewer permissions and no confirmation.${hint}`,
    ];
  }
  if ([first, second].every(({ path }) => path[0] === 'target')) {
    return [
      `the environments ${first.place} and ${second.place} have the same target`,
      `Give each a target of its own, or keep it in one of them: a lock there could be walked around by way of the other.${hint}`,
    ];
  }
  return [
    `the environments ${first.place} and ${second.place} may be deployed to by the same run of a workflow`,
    `Give each a workflow or inputs of its own, or keep it in one of them: a lock there could be walked around by way of the other.${hint}`,
  ];
}
