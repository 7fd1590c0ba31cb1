import { Link } from '@backstage/core-components';
import { makeStyles } from '@material-ui/core/styles';
import { PromotionSummary } from '@vvp/backstage-plugin-deploy-common';
import { ReactNode } from 'react';
import { promotionsPath } from '../../logic/links';
import {
  approvalsText,
  isUndecided,
  releaseName,
  serviceName,
} from '../../logic/promotions';
import { Moment, mutedColor, Person } from '../common';
import { PromotionLabel } from '../promotions';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    alignItems: 'flex-start',
    gap: theme.spacing(1),
    padding: theme.spacing(1, 0),
    borderBottom: `1px solid ${theme.palette.divider}`,
    fontSize: '0.875rem',
    lineHeight: 1.5,
    color: theme.palette.text.primary,
  },
  words: { flex: 1, minWidth: 0, overflowWrap: 'anywhere' },
  line: {
    display: 'flex',
    flexWrap: 'wrap',
    columnGap: theme.spacing(1.5),
  },
  link: { textDecoration: 'underline', fontWeight: 600, minWidth: 0 },
  aside: { color: mutedColor(theme), fontSize: '0.8125rem' },
}));

/**
 * A promotion in a list.
 *
 * @internal
 */
export function PromotionRow(props: {
  promotion: PromotionSummary;
  /** Before the words, such as a box to tick. */
  before?: ReactNode;
}) {
  const { promotion, before } = props;
  const { id, entityRef, environment, release, status } = promotion;
  const classes = useStyles();
  return (
    <div className={classes.root}>
      {before}
      <div className={classes.words}>
        <div className={classes.line}>
          <Link className={classes.link} to={promotionsPath(id)}>
            {releaseName(release)} of {serviceName(entityRef)} → {environment}
          </Link>
          <PromotionLabel status={status} />
        </div>
        <div className={classes.aside}>
          asked for by <Person by={promotion.requestedBy} />{' '}
          <Moment at={promotion.createdAt} />
          {isUndecided(promotion) && ` · ${approvalsText(promotion)}`}
          {promotion.class === 'hotfix' && ' · hotfix'}
          {promotion.reason && ` · “${promotion.reason}”`}
        </div>
      </div>
    </div>
  );
}
