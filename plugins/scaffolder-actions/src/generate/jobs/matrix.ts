import { expressionOf, isSecret, Setting } from '../expressions';
import { imageExpression } from '../images/images';
import { targetReference } from '../images/targetImage';
import { Group, Placement } from '../planModel';
import { verification } from './verify';

/** Columns that every matrix may have; those of `deploy.yaml` are called otherwise. */
export const OWN_COLUMNS = ['service', 'app', 'url'] as const;

/** What the script that deploys is told about each leg, by variable; a leg has what it is told alone. */
function told(group: Group): Record<string, string>[] {
  return group.placements.map(placement => {
    const { service, environment, target } = placement;
    return target.type === 'azure-container-app'
      ? {
          APP: target.name,
          RESOURCE_GROUP: target.resourceGroup,
          ...(target.container && { CONTAINER: target.container }),
          IMAGE:
            imageExpression(group, service) ??
            targetReference(group, placement),
          ...(target.minReplicas !== undefined && {
            MIN_REPLICAS: String(target.minReplicas),
          }),
          ...(target.maxReplicas !== undefined && {
            MAX_REPLICAS: String(target.maxReplicas),
          }),
          ...Object.fromEntries(
            Object.entries(environment.deploy?.environment ?? {}).map(
              ([name, setting]) => [
                variableOf(name, setting),
                expressionOf(setting),
              ],
            ),
          ),
          ...verification(environment, environment.url),
        }
      : {};
  });
}

/** `SETTING_NAME` for what may be seen, `SECRET_NAME` for what becomes a secret of the app. */
function variableOf(name: string, setting: Setting): string {
  return `${isSecret(setting) ? 'SECRET' : 'SETTING'}_${name}`;
}

/** Variables whose values are not the same for all legs, with the value of each leg; undefined where it has none. */
export function differing(group: Group): Map<string, (string | undefined)[]> {
  const legs = told(group);
  const variables = [...new Set(legs.flatMap(Object.keys))];
  return new Map(
    variables
      .map((name): [string, (string | undefined)[]] => [
        name,
        legs.map(leg => (Object.hasOwn(leg, name) ? leg[name] : undefined)),
      ])
      .filter(([, values]) => new Set(values).size > 1),
  );
}

/**
 * What the script is told by the one step of all legs: what is the same for all, and a column of the matrix for
 * whatever differs.
 */
export function environmentOf(group: Group): Record<string, string> {
  const columns = columnsOf(group);
  return Object.fromEntries(
    told(group)
      .flatMap(leg => Object.entries(leg))
      .map(([name, value]) => [
        name,
        columns.has(name) ? `\${{ matrix.${columns.get(name)} }}` : value,
      ]),
  );
}

/** The rows of a group's matrix: the values of `deploy.yaml`, and what differs. */
export function matrixOf(group: Group): Record<string, string | number>[] {
  const columns = columnsOf(group);
  const values = differing(group);
  const hasAddress = group.placements.some(
    ({ environment }) => environment.url,
  );
  return group.placements.map((placement, leg) => ({
    ...placement.matrix,
    service: placement.service.key,
    ...rowOf(['APP'], columns, values, leg),
    ...(hasAddress && { url: addressOf(placement) }),
    ...rowOf(
      [...columns.keys()].filter(name => name !== 'APP'),
      columns,
      values,
      leg,
    ),
  }));
}

function addressOf({ environment }: Placement): string {
  return environment.url ?? '';
}

function rowOf(
  names: readonly string[],
  columns: ReadonlyMap<string, string>,
  values: ReadonlyMap<string, readonly (string | undefined)[]>,
  leg: number,
): Record<string, string> {
  return Object.fromEntries(
    names.flatMap(name => {
      const column = columns.get(name);
      return column ? [[column, values.get(name)?.[leg] ?? '']] : [];
    }),
  );
}

/** A column of its own for each variable that differs. GitHub does not tell upper from lower case. */
function columnsOf(group: Group): Map<string, string> {
  const taken = new Set<string>([
    ...OWN_COLUMNS,
    ...group.placements.flatMap(({ matrix }) =>
      Object.keys(matrix).map(name => name.toLowerCase()),
    ),
  ]);
  return new Map(
    [...differing(group).keys()].map(name => {
      const plain =
        name === 'APP'
          ? 'app'
          : unlessTaken(
              name
                .replace(/^(SETTING|SECRET)_/, '')
                .toLowerCase()
                .replace(/_/g, '-'),
              taken,
            );
      taken.add(plain);
      return [name, plain];
    }),
  );
}

function unlessTaken(name: string, taken: ReadonlySet<string>): string {
  let free = name;
  for (let number = 2; taken.has(free); number += 1) {
    free = `${name}-${number}`;
  }
  return free;
}
