import { Failure } from '@vvp/backstage-plugin-deploy-common';

/**
 * Why a version is not known.
 *
 * - `forbidden`: it may not be asked there. Nothing but another `deploy.yaml` or app-config helps.
 * - `unusable`: what answers is no version. Waiting hardly helps.
 * - `failing`: the answer has another status than 200; the service may be broken, or not up yet.
 * - `unreachable`: nothing answered; the service may be down, or not up yet, or it is the wrong address.
 */
export type VersionProblemKind =
  | 'forbidden'
  | 'unusable'
  | 'failing'
  | 'unreachable';

/** The version could not be read; the message is for people. */
export class VersionProblem extends Error {
  readonly kind: VersionProblemKind;
  readonly failure: Failure;

  constructor(kind: VersionProblemKind, message: string, remedy: string) {
    super(message);
    this.name = 'VersionProblem';
    this.kind = kind;
    this.failure = { message, remedy };
  }
}

/** The environment runs another commit than it should. */
export function otherCommit(told: string, expected: string): Failure {
  return {
    message: `The environment says that it runs ${told.slice(
      0,
      12,
    )}, not ${expected.slice(0, 12)}.`,
    remedy:
      'Look whether something else was deployed meanwhile, whether a cache answers, and whether version.url and version.commit in deploy.yaml are those of this service.',
  };
}
