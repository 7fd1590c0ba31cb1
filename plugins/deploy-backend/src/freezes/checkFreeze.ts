import { InputError } from '@backstage/errors';
import {
  environmentTiers,
  FreezeExemption,
  FreezeScope,
  NewFreeze,
} from '@vvp/backstage-plugin-deploy-common';
import { checkReason } from '../operations/requests/checkRequest';
import { assertOnly, assertText } from './checkParts';
import { CheckedWindow, checkWindow } from './checkWindow';

const MAX_TITLE = 100;
const MAX_NAMES = 50;
const MAX_NAME = 253;
const ENTITY_REF = /^[^:/\s]+:[^:/\s]+\/[^:/\s]+$/;

export const freezeExemptions: readonly FreezeExemption[] = [
  'hotfix',
  'rollback',
];

/** A freeze that can be relied on. */
export type CheckedFreeze = Required<NewFreeze> & CheckedWindow;

/**
 * Reads a freeze that somebody wants, from a request or from app-config. Throws an InputError that begins
 * with the member that is wrong, and says what to write instead.
 */
export function checkFreeze(value: unknown, now: Date): CheckedFreeze {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InputError('freeze: has to be an object');
  }
  assertOnly(value, ['title', 'reason', 'scope', 'window', 'allows'], 'freeze');
  const { title, reason, scope, window, allows } = value as Record<
    string,
    unknown
  >;
  return {
    title: assertText(title, 'title', MAX_TITLE),
    reason: checkReason(typeof reason === 'string' ? reason : ''),
    scope: checkScope(scope),
    allows: checkAllows(allows),
    ...checkWindow(window, now),
  };
}

function checkAllows(value: unknown): FreezeExemption[] {
  if (value === undefined) {
    return ['rollback'];
  }
  if (
    !Array.isArray(value) ||
    !value.every(one => freezeExemptions.includes(one))
  ) {
    throw new InputError(
      `allows: has to be a list of ${freezeExemptions.join(', ')}`,
    );
  }
  return freezeExemptions.filter(one => value.includes(one));
}

function checkScope(value: unknown): FreezeScope {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InputError(
      'scope: has to be an object; {} stands for every environment',
    );
  }
  assertOnly(value, ['tiers', 'environments', 'systems', 'services'], 'scope');
  const { tiers, environments, systems, services } = value as Record<
    string,
    unknown
  >;
  const tierNames = readNames(tiers, 'scope.tiers');
  return {
    ...(tierNames && { tiers: tierNames.map(toTier) }),
    ...namesOf('environments', readNames(environments, 'scope.environments')),
    ...namesOf('systems', readRefs(systems, 'scope.systems')),
    ...namesOf('services', readRefs(services, 'scope.services')),
  };
}

function namesOf<K extends string>(
  key: K,
  names: string[] | undefined,
): Partial<Record<K, string[]>> {
  return (names ? { [key]: names } : {}) as Partial<Record<K, string[]>>;
}

function toTier(name: string) {
  const tier = environmentTiers.find(one => one === name);
  if (!tier) {
    throw new InputError(
      `scope.tiers: has to list ${environmentTiers.join(', ')} only`,
    );
  }
  return tier;
}

/** An empty list would be about nothing, or about everything: whoever wrote it has to say. */
function readNames(value: unknown, at: string): string[] | undefined {
  if (value === undefined) {
    return undefined;
  }
  if (!Array.isArray(value) || value.length < 1 || value.length > MAX_NAMES) {
    throw new InputError(
      `${at}: has to be a list of 1 to ${MAX_NAMES} names; leave it out for all`,
    );
  }
  return [...new Set(value.map(name => assertText(name, at, MAX_NAME)))];
}

function readRefs(value: unknown, at: string): string[] | undefined {
  const refs = readNames(value, at)?.map(ref => ref.toLocaleLowerCase('en-US'));
  if (refs?.some(ref => !ENTITY_REF.test(ref))) {
    throw new InputError(
      `${at}: has to list full entity refs, such as ${
        at.endsWith('systems')
          ? 'system:default/vvp'
          : 'component:default/vvp-issuer'
      }`,
    );
  }
  return refs && [...new Set(refs)];
}
