import { literal } from '../expressions';
import { PipelinePlan } from '../planModel';
import { isDetecting } from '../stages';

type Asked = Pick<PipelinePlan, 'settings' | 'stage' | 'units'>;

/** Name of the input by which whoever starts a deployment says what is meant. */
export function choiceName({ settings, stage }: Asked): string {
  return (
    settings.serviceInput ??
    (settings.safetyLevel !== 4 && isDetecting(stage) ? 'force' : 'service')
  );
}

/**
 * Whether somebody asked for one of these, for one that has a service in common with it, or for all there are: a change of
 * a service is one of all units that it is in, and so is the choice of one.
 */
export function isChosen(plan: Asked, units: readonly string[]): string {
  const name = choiceName(plan);
  const meant = plan.units
    .filter(({ key }) => units.includes(key))
    .flatMap(({ services }) => services);
  const sharing = plan.units.filter(({ services }) =>
    services.some(service => meant.includes(service)),
  );
  return [...new Set(['all', ...units, ...sharing.map(({ key }) => key)])]
    .map(unit => `inputs.${name} == ${literal(unit)}`)
    .join(' || ');
}

/** Which service is meant; nobody is asked where there is one, and all of it is deployed anyway. */
export function choiceOf(plan: Asked): Record<string, unknown> {
  const { settings, stage } = plan;
  const keys = plan.units.map(({ key }) => key);
  const name = choiceName(plan);
  const isForced = settings.safetyLevel !== 4 && isDetecting(stage);
  if (isForced && settings.serviceInput === undefined) {
    return {
      [name]: {
        description: 'Deploy although nothing changed',
        type: 'choice',
        options: ['nothing', 'all', ...keys],
        default: 'nothing',
      },
    };
  }
  return keys.length > 1 || isForced
    ? {
        [name]: {
          description: 'What to deploy',
          type: 'choice',
          options: ['all', ...keys],
          default: 'all',
        },
      }
    : {};
}
