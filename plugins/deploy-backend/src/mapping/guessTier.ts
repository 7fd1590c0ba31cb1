import { EnvironmentTier } from '@vvp/backstage-plugin-deploy-common';

const namesByTier: [EnvironmentTier, RegExp][] = [
  ['preview', /^(preview|pr|review|branch)([-_/.]|\d|$)/],
  [
    'staging',
    /(^|[-_/.])(staging|stage|stg|preprod|pre-prod|uat|qa)([-_/.]|$)/,
  ],
  ['production', /(^|[-_/.])(production|prod|prd|live)([-_/.]|$)/],
];

/** Tier of an environment that nobody declared, by the names people use. */
export function guessTier(environment: string): EnvironmentTier {
  const name = environment.toLocaleLowerCase('en-US');
  return (
    namesByTier.find(([, pattern]) => pattern.test(name))?.[0] ?? 'development'
  );
}
