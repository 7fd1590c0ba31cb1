import { Step } from '../model';
import { secret } from '../expressions';
import { Reach } from '../planModel';
import { inParentheses, isOn, takesAll } from './refs';

/** The code of the commit, without the token that fetched it. */
export function checkout(): Step {
  return {
    name: 'Check out',
    uses: 'actions/checkout',
    with: { 'persist-credentials': false },
  };
}

/**
 * Looks whether the tag that the run is of is signed, and by whom; whatever else gets there is let pass. Nothing where
 * no tag has to be.
 */
export function verifyTag({
  signedTags,
  allowed,
}: Pick<Reach, 'allowed' | 'signedTags'>): Step[] {
  const signed = { branches: [], tags: signedTags };
  const isEvery = takesAll(signed, { branches: [], tags: allowed.tags });
  return signedTags.length === 0
    ? []
    : [
        {
          name: 'Check the signature of the tag',
          if: [
            "github.ref_type == 'tag'",
            ...(isEvery ? [] : [inParentheses(isOn(signed))]),
          ].join(' && '),
          env: { GITHUB_TOKEN: '${{ github.token }}' },
          run: '.github/deploy/verify-tag.sh',
        },
      ];
}

/**
 * For how long a login to Azure is good for sure: the token of the job, by which it could be renewed, is over after some
 * minutes, and Azure's own lives for 60 to 90 (https://learn.microsoft.com/entra/identity-platform/access-tokens).
 */
export const AZURE_MINUTES = 60;

/** Logs in to Azure by the token of the job; the three names are no secrets, but are kept as such by habit. */
export function azureLogin(): Step {
  return {
    name: 'Log in to Azure',
    uses: 'azure/login',
    with: {
      'client-id': secret('AZURE_CLIENT_ID'),
      'tenant-id': secret('AZURE_TENANT_ID'),
      'subscription-id': secret('AZURE_SUBSCRIPTION_ID'),
    },
  };
}

/** Logs in to AWS by the token of the job, as a role; for an hour unless the job takes longer, which the role has to allow. */
export function awsLogin(role: string, region: string, minutes = 60): Step {
  return {
    name: 'Log in to AWS',
    uses: 'aws-actions/configure-aws-credentials',
    with: {
      'role-to-assume': role,
      'aws-region': region,
      ...(minutes > 60 && { 'role-duration-seconds': minutes * 60 }),
    },
  };
}

/** What is proposed, and goes nowhere. */
export const ofPullRequest = "github.event_name == 'pull_request'";

/** Not of a fork, whose jobs get no tokens that could write or report. */
export const ofThisRepository =
  'github.event.pull_request.head.repo.full_name == github.repository';

/** Puts a text beneath a pull request, in the place of what stood there before. */
export function commentStep(key: string, file: string): Step {
  return {
    name: 'Comment on the pull request',
    if: `!cancelled() && ${ofThisRepository}`,
    env: {
      GITHUB_TOKEN: '${{ github.token }}',
      PULL_REQUEST: '${{ github.event.pull_request.number }}',
      COMMENT: key,
      COMMENT_FILE: file,
    },
    run: '.github/deploy/comment-pull-request.sh',
  };
}
