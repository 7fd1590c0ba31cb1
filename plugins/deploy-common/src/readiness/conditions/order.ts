import { formatTime } from '../../gates/duration';
import { deployOverridePermission } from '../../permissions';
import { EarlierEnvironment } from '../types';
import { condition, Judge, list, nameOf } from './common';
import { Asked, askedOf, hasWorked, stateOf } from './earlier';

function absence({
  name,
  rolledBackAt,
  underWay,
  recordedAt,
}: EarlierEnvironment): string {
  if (rolledBackAt !== undefined) {
    return `${name} (rolled back at ${formatTime(Date.parse(rolledBackAt))})`;
  }
  if (underWay) {
    return `${name} (on its way there)`;
  }
  return recordedAt === undefined
    ? name
    : `${name} (only recorded at GitHub at ${formatTime(
        Date.parse(recordedAt),
      )}, by no job of a run and no operation of the portal)`;
}

function reasonOf(release: string, { environments, count }: Asked): string {
  const worked = environments.filter(hasWorked).map(({ name }) => name);
  const missing = environments.filter(each => !hasWorked(each)).map(absence);
  if (environments.length === 0 && count === 0) {
    return 'No environment comes before this one.';
  }
  if (worked.length >= count) {
    return `${release} has worked in ${list(worked)}.`;
  }
  if (!(count <= environments.length)) {
    return `${release} must have worked in ${count} environments before, and their number is ${environments.length}: this can never be met.`;
  }
  return count === environments.length
    ? `${release} has not worked in ${list(missing)} yet.`
    : `${release} has worked in ${
        worked.length
      } of the ${count} environments before that are asked for; not yet in ${list(
        missing,
      )}.`;
}

/** Whether it was in the environments before. */
export const judgeOrder: Judge = facts => {
  const asked = askedOf(facts);
  if (!asked) {
    return [];
  }
  return [
    condition({
      kind: 'order',
      title: 'Environments before',
      state: stateOf(asked),
      reason: reasonOf(nameOf(facts.release), asked),
      clearedBy: {
        how: asked.environments.some(
          each => !hasWorked(each) && each.recordedAt !== undefined,
        )
          ? 'Deploy the release there by a job that deploy.yaml maps, for what is only recorded does not count; or override this with a reason.'
          : 'Deploy the release there first, or override this with a reason.',
        permission: deployOverridePermission.name,
      },
    }),
  ];
};
