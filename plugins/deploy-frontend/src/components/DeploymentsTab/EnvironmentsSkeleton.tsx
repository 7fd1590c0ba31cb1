import { EntityInfoCard } from '@backstage/plugin-catalog-react';
import Skeleton from '@material-ui/lab/Skeleton';
import { EnvironmentGrid } from './EnvironmentGrid';

/**
 * Holds the place of the environments while they are loaded.
 *
 * @internal
 */
export function EnvironmentsSkeleton() {
  return (
    <div role="status" aria-label="Loading the environments">
      <EnvironmentGrid placeholder>
        {[0, 1, 2].map(card => (
          <li key={card}>
            <EntityInfoCard title="…">
              <Skeleton variant="text" height={32} width="60%" />
              <Skeleton variant="text" />
              <Skeleton variant="text" width="80%" />
            </EntityInfoCard>
          </li>
        ))}
      </EnvironmentGrid>
    </div>
  );
}
