import { makeStyles } from '@material-ui/core/styles';
import { Canary } from '@vvp/backstage-plugin-deploy-common';
import { useCanary } from '../../hooks/usePromotions';
import { isCanaryOver, percentText } from '../../logic/canary';
import { Took } from '../common';
import { CanaryLabel } from './CanaryLabel';
import { useWatchLeft } from './useWatchLeft';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'inline-flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(0, 1),
  },
}));

/**
 * The canary of a promotion in a few words: where it stands, its share, the time left. Nothing where there
 * is none under way, or it could not be read: the promotion itself says why.
 *
 * @internal
 */
export function CanaryChip(props: { entityRef: string; promotionId: string }) {
  const { entityRef, promotionId } = props;
  const { value: canary } = useCanary(entityRef, promotionId);
  return canary && !isCanaryOver(canary) ? <Chip canary={canary} /> : null;
}

function Chip(props: { canary: Canary }) {
  const { canary } = props;
  const { phase, percent } = canary;
  const classes = useStyles();
  const { left } = useWatchLeft(canary);
  return (
    <span className={classes.root}>
      <CanaryLabel canary={canary} />
      {percent !== undefined && <span>{percentText(percent)}</span>}
      {phase === 'watching' && left !== undefined && (
        <span>
          <Took seconds={left} /> left
        </span>
      )}
    </span>
  );
}
