import { Header, Page } from '@backstage/core-components';
import { PromotionsPageContent } from './PromotionsPageContent';

/**
 * The page of all promotions with a header of its own, for the old frontend system.
 *
 * @internal
 */
export function PromotionsPage() {
  return (
    <Page themeId="tool">
      <Header title="Promotions" subtitle="What waits to be let through" />
      <PromotionsPageContent />
    </Page>
  );
}
