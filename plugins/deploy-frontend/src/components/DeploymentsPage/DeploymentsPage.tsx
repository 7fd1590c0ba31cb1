import { Header, Page } from '@backstage/core-components';
import { DeploymentsPageContent } from './DeploymentsPageContent';

/**
 * The page of all services with a header of its own, for the old frontend system.
 *
 * @internal
 */
export function DeploymentsPage() {
  return (
    <Page themeId="tool">
      <Header title="Deployments" subtitle="What runs where" />
      <DeploymentsPageContent />
    </Page>
  );
}
