import Button from '@material-ui/core/Button';
import Paper from '@material-ui/core/Paper';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import AcUnitIcon from '@material-ui/icons/AcUnit';
import FiberNewIcon from '@material-ui/icons/FiberNew';
import ScheduleIcon from '@material-ui/icons/Schedule';
import { Freeze } from '@vvp/backstage-plugin-deploy-common';
import { allowsText, recurrenceText, scopeText } from '../../logic/freezes';
import { mutedColor, Person, ToneLabel, WeekdayMoment } from '../common';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'flex-start',
    gap: theme.spacing(1, 2),
    padding: theme.spacing(2),
  },
  words: {
    flex: '1 1 240px',
    minWidth: 0,
    overflowWrap: 'anywhere',
    fontSize: '0.875rem',
    lineHeight: 1.6,
  },
  head: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'baseline',
    columnGap: theme.spacing(1.5),
  },
  title: { fontSize: '1rem', fontWeight: 600 },
  now: { fontWeight: 600 },
  reason: { whiteSpace: 'pre-wrap' },
  aside: {
    color: mutedColor(theme),
    fontSize: '0.8125rem',
    fontWeight: 400,
  },
  button: { textTransform: 'none' },
}));

/**
 * A freeze: where it reaches, what it lets through, its windows, who set it.
 *
 * @internal
 */
export function FreezeItem(props: {
  freeze: Freeze;
  /** It was just set. */
  fresh: boolean;
  onEnd?(): void;
}) {
  const { freeze, fresh, onEnd } = props;
  const { title, reason, scope, window, allows, by, current, next } = freeze;
  const classes = useStyles();
  const recurrence = recurrenceText(window);
  // The configuration is ended in the configuration.
  const mayEnd = onEnd && by !== 'configuration';
  return (
    <Paper className={classes.root}>
      <div className={classes.words}>
        <div className={classes.head}>
          <Typography className={classes.title} component="h3">
            {title}
          </Typography>
          <ToneLabel
            icon={current ? AcUnitIcon : ScheduleIcon}
            text={
              current
                ? {
                    label: 'In force',
                    meaning: 'Nothing is deployed there now',
                    tone: 'attention',
                  }
                : {
                    label: 'To come',
                    meaning: 'It is not in force yet',
                    tone: 'neutral',
                  }
            }
          />
          {fresh && (
            <ToneLabel
              icon={FiberNewIcon}
              text={{
                label: 'Just set',
                meaning: 'Look whether its windows are what you meant',
                tone: 'progress',
              }}
            />
          )}
        </div>
        {current && (
          <div className={classes.now}>
            Until <WeekdayMoment at={current.to} />{' '}
            <span className={classes.aside}>
              (since <WeekdayMoment at={current.from} />)
            </span>
          </div>
        )}
        <div className={classes.reason}>{reason}</div>
        <div>
          Where: {scopeText(scope)}. {allowsText(allows)}
        </div>
        {next && (
          <div>
            Next: <WeekdayMoment at={next.from} /> to{' '}
            <WeekdayMoment at={next.to} />
          </div>
        )}
        <div className={classes.aside}>
          {recurrence && <>{recurrence} · </>}
          set by{' '}
          {by === 'configuration' ? (
            'app-config of the portal'
          ) : (
            <Person by={by} />
          )}
        </div>
      </div>
      {mayEnd && (
        <Button
          className={classes.button}
          variant="outlined"
          size="small"
          onClick={onEnd}
          aria-label={`End ${title}…`}
        >
          End…
        </Button>
      )}
    </Paper>
  );
}
