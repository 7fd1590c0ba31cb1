import { Entity, RELATION_OWNED_BY } from '@backstage/catalog-model';
import {
  EntityRefLinks,
  getEntityRelations,
} from '@backstage/plugin-catalog-react';
import Typography from '@material-ui/core/Typography';

/**
 * Whom to ask: the owner of the service.
 *
 * @internal
 */
export function OwnerLine(props: { entity: Entity }) {
  const owners = getEntityRelations(props.entity, RELATION_OWNED_BY);
  if (owners.length === 0) {
    return (
      <Typography variant="body2">
        The catalog names no owner to ask: turn to those who run this portal.
      </Typography>
    );
  }
  return (
    <Typography variant="body2" component="div">
      Ask the owner: <EntityRefLinks entityRefs={owners} defaultKind="group" />
    </Typography>
  );
}
