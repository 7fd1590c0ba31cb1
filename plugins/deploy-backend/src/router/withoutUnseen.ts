import { judgeReadiness } from '@vvp/backstage-plugin-deploy-common';
import { Judged } from '../promotions/ReadinessDesk';

const UNSEEN = 'an environment that you may not see';

/**
 * Readiness as somebody may read it: the conditions on the environments before name only those that they
 * see. What is met stays so.
 *
 * @param seen - names of the environments of the service that they may see
 */
export function withoutUnseen(judged: Judged, seen: readonly string[]): Judged {
  const { earlier } = judged.facts;
  if (earlier.every(({ name }) => seen.includes(name))) {
    return judged;
  }
  const facts = {
    ...judged.facts,
    earlier: earlier.map(each =>
      seen.includes(each.name) ? each : { ...each, name: UNSEEN },
    ),
  };
  return { ...judged, ...judgeReadiness(facts), facts };
}
