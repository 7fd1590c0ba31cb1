import { Step } from '../model';
import { Group, Placement } from '../planModel';
import { Circumstances } from './limits';
import { environmentOf } from './matrix';
import { lookingMinutes } from './verify';

/** Updates a Container App to the image of the commit, waits until it works, and goes back if it does not. */
export function containerAppSteps(group: Group): Step[] {
  const [{ target }] = group.placements;
  const environment = environmentOf(group);
  return target.type === 'azure-container-app'
    ? [
        {
          name: 'Deploy',
          env: environment,
          run: '.github/deploy/azure-container-app.sh',
        },
        {
          name: 'Take back what was cancelled',
          if: 'cancelled()',
          // Which app it is, and how to look at it; no secret.
          env: Object.fromEntries(
            Object.entries(environment).filter(([name]) =>
              /^(APP|RESOURCE_GROUP|VERIFY_.*)$/.test(name),
            ),
          ),
          run: '.github/deploy/azure-container-app.sh back',
        },
      ]
    : [];
}

/** In and out again: each time four minutes for Azure's commands, eight until it is well, and the looks at its address. */
export function containerAppMinutes(
  { environment }: Placement,
  { buildMinutes = 0 }: Circumstances,
): number {
  return 5 + buildMinutes + 2 * (4 + 8 + lookingMinutes(environment));
}
