import { useApi } from '@backstage/core-plugin-api';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { useEffect, useState } from 'react';

/**
 * Entity refs of those who own components. Empty where the catalog does not answer: the filter is then
 * made of the owners in the list.
 *
 * @internal
 */
export function useOwners(): string[] {
  const catalogApi = useApi(catalogApiRef);
  const [owners, setOwners] = useState<string[]>([]);
  useEffect(() => {
    let wanted = true;
    catalogApi
      .getEntityFacets({
        filter: { kind: 'component' },
        facets: ['relations.ownedBy'],
      })
      .then(({ facets }) => {
        if (wanted) {
          setOwners(
            (facets['relations.ownedBy'] ?? []).map(({ value }) => value),
          );
        }
      })
      .catch(() => undefined);
    return () => {
      wanted = false;
    };
  }, [catalogApi]);
  return owners;
}
