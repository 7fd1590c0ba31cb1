import { PromotionSummary } from '@vvp/backstage-plugin-deploy-common';
import { useServiceOverview } from '../../hooks/useServiceOverview';
import { IncomingChanges } from '../promotions/IncomingChanges';

/**
 * Commits between what runs in the environment and the release of a promotion.
 *
 * @internal
 */
export function Incoming(props: { promotion: PromotionSummary }) {
  const { entityRef, environment, release } = props.promotion;
  const { value, error } = useServiceOverview(entityRef);
  const running = value?.environments.find(
    ({ name }) => name === environment,
  )?.currentDeployment;
  if (!value && !error) {
    return null;
  }
  return (
    <IncomingChanges
      entityRef={entityRef}
      from={running?.release.commit}
      to={release.commit}
      unknown={!value}
    />
  );
}
