import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import { PagedList } from '../../hooks/usePagedList';
import { failureMessage } from '../../logic/failure';
import { toneColor } from './tones';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'center',
    gap: theme.spacing(1.5),
    paddingTop: theme.spacing(2),
  },
  error: { color: toneColor(theme, 'error') },
}));

/**
 * Fetches the next page, where there is one.
 *
 * @internal
 */
export function LoadMore<T>(props: { list: PagedList<T> }) {
  const { value, loadMore, loadingMore, moreError } = props.list;
  const classes = useStyles();
  if (!value?.nextCursor) {
    return null;
  }
  return (
    <div className={classes.root}>
      {moreError && (
        <span className={classes.error} role="alert">
          More could not be loaded: {failureMessage(moreError)}
        </span>
      )}
      <Button
        variant="outlined"
        size="small"
        onClick={loadMore}
        disabled={loadingMore}
      >
        {loadingMore ? 'Loading…' : 'Load more'}
      </Button>
    </div>
  );
}
