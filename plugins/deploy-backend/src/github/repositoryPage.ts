import { ServiceStore } from '../store/ServiceStore';

/** The page of a repository at the host that it is on; undefined if no service of the catalog is in it. */
export async function repositoryPage(
  services: Pick<ServiceStore, 'listPages'>,
  repository: string,
): Promise<string | undefined> {
  const pages = await services.listPages();
  const page = pages.find(one => one.repository === repository);
  return page && new URL(`/${repository}`, page.url).href;
}
