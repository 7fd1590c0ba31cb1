import { Link } from '@backstage/core-components';
import { EntityInfoCard } from '@backstage/plugin-catalog-react';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import Skeleton from '@material-ui/lab/Skeleton';
import { usePromotionList } from '../../hooks/usePromotions';
import { failureKind } from '../../logic/failure';
import { promotionsPath } from '../../logic/links';
import { LoadFailure, mutedColor, NotAllowed } from '../common';
import { PromotionRow } from '../PromotionsPage/PromotionRow';

const shownAtMost = 5;

const useStyles = makeStyles(theme => ({
  list: { listStyle: 'none', margin: 0, padding: 0 },
  nothing: { color: mutedColor(theme) },
}));

/**
 * The first promotions that wait for the user, for a home page.
 *
 * @public
 */
export function PromotionsCard() {
  return (
    <EntityInfoCard
      title="Waiting for my approval"
      footerActions={<Link to={promotionsPath()}>All promotions</Link>}
    >
      <PromotionsCardContent />
    </EntityInfoCard>
  );
}

/**
 * What stands in the card, for a home page that brings its own frame.
 *
 * @internal
 */
export function PromotionsCardContent() {
  const classes = useStyles();
  const { value, error, busy, reload, loadedAt } = usePromotionList({
    waitingFor: 'me',
    limit: shownAtMost,
  });
  if (error && failureKind(error) === 'not-allowed') {
    return <NotAllowed what="promotions" />;
  }
  return (
    <>
      {error && (
        <LoadFailure
          what="What waits for you"
          error={error}
          onRetry={reload}
          busy={busy}
          shownSince={loadedAt}
        />
      )}
      {!value && !error && (
        <div role="status" aria-label="Loading what waits for you">
          <Skeleton variant="text" />
          <Skeleton variant="text" width="80%" />
        </div>
      )}
      {value?.items.length === 0 && (
        <Typography className={classes.nothing}>
          Nothing waits for you.
        </Typography>
      )}
      {value && value.items.length > 0 && (
        <ul className={classes.list} aria-label="Waiting for my approval">
          {value.items.map(promotion => (
            <li key={promotion.id}>
              <PromotionRow promotion={promotion} />
            </li>
          ))}
        </ul>
      )}
      {value?.nextCursor && <Typography variant="body2">and more</Typography>}
    </>
  );
}
