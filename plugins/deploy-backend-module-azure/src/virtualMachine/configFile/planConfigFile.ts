import { Revision } from '@vvp/backstage-plugin-deploy-common';
import { TargetPlan } from '@vvp/backstage-plugin-deploy-node';
import { AWAIT_SECONDS, CHANGE_SECONDS } from '../steps';

/** How to put a backup in the place of a live file. */
export function planConfigFile(request: {
  from: Revision | undefined;
  to: Revision;
  /** SHA-256 of the backup. */
  hash: string;
  /** The live file holds the same, and works. */
  alreadyThere: boolean;
  file: string;
  reload: string;
}): TargetPlan {
  const { from, to, hash, alreadyThere, file, reload } = request;
  const input = { backup: to.id, hash, from: from?.id ?? '' };
  return {
    ...(from && { from }),
    to,
    alreadyThere,
    steps: alreadyThere
      ? []
      : [
          {
            name: 'restore-file',
            title: `Back up ${file}, put ${to.id} in its place${
              reload && ' and reload it'
            }`,
            input,
            timeoutSeconds: CHANGE_SECONDS,
            compensates: true,
          },
          {
            name: 'await-healthy',
            title: `See that ${file} works`,
            input,
            timeoutSeconds: AWAIT_SECONDS,
          },
        ],
    configuration: [],
    notRestored: [`Any file but ${file}.`],
    artifact: { state: 'present' },
  };
}

/** The file that is live read once more. */
export function planReloadOf(
  current: Revision | undefined,
  file: string,
): TargetPlan {
  return {
    ...(current && { from: current, to: current }),
    alreadyThere: false,
    steps: [
      {
        name: 'reload-file',
        title: `Reload ${file}`,
        input: { reload: true },
        timeoutSeconds: CHANGE_SECONDS,
      },
      {
        name: 'await-healthy',
        title: `See that ${file} works`,
        input: { reload: true },
        timeoutSeconds: AWAIT_SECONDS,
      },
    ],
    configuration: [],
    notRestored: [],
    artifact: { state: 'present' },
  };
}
