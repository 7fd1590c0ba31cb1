import { makeStyles } from '@material-ui/core/styles';
import { PromotionEvent } from '@vvp/backstage-plugin-deploy-common';
import { ExactMoment, mutedColor, Person, RefText } from '../common';

const useStyles = makeStyles(theme => ({
  list: {
    listStyle: 'none',
    margin: 0,
    padding: 0,
    fontSize: '0.875rem',
    color: theme.palette.text.primary,
  },
  item: {
    padding: theme.spacing(0.75, 0, 0.75, 1.5),
    borderLeft: `2px solid ${theme.palette.divider}`,
    overflowWrap: 'anywhere',
  },
  aside: { color: mutedColor(theme), fontSize: '0.8125rem' },
  comment: { whiteSpace: 'pre-wrap' },
}));

/**
 * What happened to a promotion, oldest first.
 *
 * @internal
 */
export function PromotionHistory(props: { events: readonly PromotionEvent[] }) {
  const classes = useStyles();
  return (
    <ol className={classes.list} aria-label="History">
      {props.events.map(({ sequence, at, by, text, comment }) => (
        <li key={sequence} className={classes.item}>
          <div>
            <RefText text={text} />
          </div>
          {comment && <div className={classes.comment}>“{comment}”</div>}
          <div className={classes.aside}>
            {by && (
              <>
                <Person by={by} />
                {', '}
              </>
            )}
            <ExactMoment at={at} />
          </div>
        </li>
      ))}
    </ol>
  );
}
