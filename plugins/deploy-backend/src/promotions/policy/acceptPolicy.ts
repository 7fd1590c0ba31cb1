import { StoredPromotion } from '../rows';
import { PromotionPolicies } from './PromotionPolicies';

/**
 * Whoever was asked let a release in, and with it what deploy.yaml asks since. A hotfix changes nothing of
 * what regular promotions need, and what GitHub let in against the portal nobody was asked about.
 */
export async function acceptPolicy(
  policies: Pick<PromotionPolicies, 'accept'>,
  promotion: Pick<
    StoredPromotion,
    'class' | 'status' | 'state' | 'service_id' | 'environment_id'
  >,
  now: Date = new Date(),
): Promise<void> {
  const { terms, bypassed, reviewing } = promotion.state;
  if (
    promotion.status === 'executing' &&
    promotion.class === 'regular' &&
    terms !== undefined &&
    !bypassed &&
    // GitHub may refuse the review yet.
    !reviewing
  ) {
    await policies.accept(
      {
        serviceId: promotion.service_id,
        environmentId: promotion.environment_id,
        terms,
      },
      now,
    );
  }
}
