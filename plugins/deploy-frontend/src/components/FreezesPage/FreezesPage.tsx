import { Header, Page } from '@backstage/core-components';
import { FreezesPageContent } from './FreezesPageContent';

/**
 * The page of all freezes with a header of its own, for the old frontend system.
 *
 * @internal
 */
export function FreezesPage() {
  return (
    <Page themeId="tool">
      <Header title="Freezes" subtitle="When nothing is deployed" />
      <FreezesPageContent />
    </Page>
  );
}
