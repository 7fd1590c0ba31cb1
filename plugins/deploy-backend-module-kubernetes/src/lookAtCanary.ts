import { CanaryLook } from '@vvp/backstage-plugin-deploy-common';
import { canaryHealth, shareOf } from './decide/canary';
import { releaseOf } from './model/releaseOf';
import { groupRevisions } from './model/releases';
import { readCanaryLog } from './readCanaryLog';
import { WorkloadSession } from './steps/WorkloadSession';

/** The newest revision of a commit beside what else runs. */
export async function lookAtCanary(
  session: WorkloadSession,
  options: { commit: string; logEntries: number; container?: string },
): Promise<CanaryLook | undefined> {
  const { commit, logEntries, container } = options;
  const look = await session.look();
  const groups = groupRevisions(look.revisions);
  const group = groups.find(
    ({ members: [newest] }) => releaseOf(newest, container).commit === commit,
  );
  if (!group) {
    return undefined;
  }
  const share = shareOf(groups, group, await session.pods(look));
  const { lines, problems } = await readCanaryLog(
    session,
    group.members[0],
    share.own,
    { container, entries: logEntries },
  );
  return {
    revision: group.id,
    ...(share.stable && { stable: share.stable.id }),
    percent: share.percent,
    paused: look.workload.spec?.paused === true,
    ...(lines && { log: lines }),
    health: canaryHealth(look.workload, group, share),
    problems,
  };
}
