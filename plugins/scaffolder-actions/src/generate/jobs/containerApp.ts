import { expressionOf, isSecret, Setting } from '../expressions';
import { imageExpression } from '../images/images';
import { Step } from '../model';
import { Group, Placement } from '../planModel';
import { verification } from './verify';

/**
 * The columns of a group's matrix: what tells its services apart, and where each goes. Environment variables that
 * differ become columns of their own.
 */
export function matrixOf(group: Group): Record<string, string | number>[] {
  return group.placements.map(placement => ({
    ...placement.matrix,
    service: placement.service.key,
    ...columnsOf(group, placement),
  }));
}

function columnsOf(
  group: Group,
  { environment, target }: Placement,
): Record<string, string | number> {
  const differing = differingSettings(group);
  return {
    ...(target.type === 'azure-container-app' && { app: target.name }),
    ...(environment.url && { url: environment.url }),
    ...Object.fromEntries(
      differing.map(name => [
        columnOf(name),
        String(environment.deploy?.environment?.[name] ?? ''),
      ]),
    ),
  };
}

/** Names of settings that are written down, and not the same for all. */
function differingSettings({ placements }: Group): string[] {
  const all = placements.map(
    ({ environment }) => environment.deploy?.environment ?? {},
  );
  return [...new Set(all.flatMap(Object.keys))].filter(
    name => new Set(all.map(one => JSON.stringify(one[name]))).size > 1,
  );
}

function columnOf(name: string): string {
  return name.toLowerCase().replace(/_/g, '-');
}

/** Updates a Container App to the image of the commit, waits until it works, and goes back if it does not. */
export function containerAppSteps(group: Group): Step[] {
  const [placement] = group.placements;
  const { target, environment } = placement;
  if (target.type !== 'azure-container-app') {
    return [];
  }
  const several = group.placements.length > 1;
  const settings = settingsOf(group);
  return [
    {
      name: 'Deploy',
      env: {
        APP: several ? '${{ matrix.app }}' : target.name,
        RESOURCE_GROUP: target.resourceGroup,
        ...(target.container && { CONTAINER: target.container }),
        IMAGE:
          imageExpression(group, placement.service) ??
          `${target.image}:\${{ github.sha }}`,
        ...(target.minReplicas !== undefined && {
          MIN_REPLICAS: String(target.minReplicas),
        }),
        ...(target.maxReplicas !== undefined && {
          MAX_REPLICAS: String(target.maxReplicas),
        }),
        ...settings,
        // A matrix has its services looked at by a job of their own, after all of them came.
        ...(several ? {} : verification(environment, environment.url)),
      },
      run: '.github/deploy/azure-container-app.sh',
    },
  ];
}

/** `SETTING_NAME` for what may be seen, `SECRET_NAME` for what becomes a secret of the app. */
function settingsOf(group: Group): Record<string, string> {
  const differing = differingSettings(group);
  const [{ environment }] = group.placements;
  return Object.fromEntries(
    Object.entries(environment.deploy?.environment ?? {}).map(
      ([name, setting]: [string, Setting]) => [
        `${isSecret(setting) ? 'SECRET' : 'SETTING'}_${name}`,
        differing.includes(name)
          ? `\${{ matrix.${columnOf(name)} }}`
          : expressionOf(setting),
      ],
    ),
  );
}
