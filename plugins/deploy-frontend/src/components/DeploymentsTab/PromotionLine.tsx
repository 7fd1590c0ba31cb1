import { Link } from '@backstage/core-components';
import { useEntityRefLink } from '@backstage/plugin-catalog-react';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import { EnvironmentOverview } from '@vvp/backstage-plugin-deploy-common';
import { useMayPromote } from '../../hooks/useMayPromote';
import { promotionUrl } from '../../logic/links';
import { isUndecided, releaseName } from '../../logic/promotions';
import { CanaryChip } from '../canary';
import { PromotionLabel } from '../promotions';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(0.5, 1.5),
    marginTop: theme.spacing(1.5),
    fontSize: '0.875rem',
    color: theme.palette.text.primary,
    overflowWrap: 'anywhere',
  },
  link: { textDecoration: 'underline', minWidth: 0 },
  button: { textTransform: 'none', textAlign: 'start', minWidth: 0 },
}));

/**
 * The promotion that is under way to an environment, and the button that asks for one.
 *
 * @internal
 */
export function PromotionLine(props: {
  entityRef: string;
  environment: EnvironmentOverview;
  onPromote(): void;
}) {
  const { entityRef, environment, onPromote } = props;
  const { name, pendingPromotion } = environment;
  const classes = useStyles();
  const entityLink = useEntityRefLink();
  const mayPromote = useMayPromote(entityRef, name);
  if (!pendingPromotion && !mayPromote) {
    return null;
  }
  return (
    <div className={classes.root}>
      {pendingPromotion && (
        <>
          <PromotionLabel status={pendingPromotion.status} />
          <Link
            className={classes.link}
            to={promotionUrl(
              String(entityLink(entityRef)),
              pendingPromotion.id,
            )}
          >
            Promotion of {releaseName(pendingPromotion.release)}
          </Link>
          {!isUndecided(pendingPromotion) && (
            <CanaryChip
              entityRef={entityRef}
              promotionId={pendingPromotion.id}
            />
          )}
        </>
      )}
      {mayPromote && (
        <Button
          className={classes.button}
          size="small"
          variant="outlined"
          color="primary"
          onClick={onPromote}
        >
          Promote to {name}…
        </Button>
      )}
    </div>
  );
}
