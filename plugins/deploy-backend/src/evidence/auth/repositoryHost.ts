import { ScmIntegrationRegistry } from '@backstage/integration';

/**
 * Host of the GitHub that a page is on, as its integration calls it; undefined if the page is not
 * known, or on none of them.
 *
 * @param page - such as the address of a service's deploy.yaml
 */
export function repositoryHost(
  page: string | null | undefined,
  integrations: ScmIntegrationRegistry,
): string | undefined {
  return page && URL.canParse(page)
    ? integrations.github.byUrl(page)?.config.host
    : undefined;
}
