import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import CheckCircleIcon from '@material-ui/icons/CheckCircle';
import HourglassEmptyIcon from '@material-ui/icons/HourglassEmpty';
import LockOpenIcon from '@material-ui/icons/LockOpen';
import { Readiness } from '@vvp/backstage-plugin-deploy-common';
import { openConditions, readinessText } from '../../logic/promotions';
import { ExactMoment, Notice, RefText } from '../common';
import { ConditionList } from './ConditionList';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'grid',
    gap: theme.spacing(2),
    '& > *': { minWidth: 0 },
  },
  open: {
    margin: 0,
    paddingLeft: theme.spacing(2.5),
    fontSize: '0.875rem',
  },
}));

/**
 * Every condition between a release and an environment, and whether anything holds the pipeline there.
 *
 * @internal
 */
export function ReadinessSummary(props: { readiness: Readiness }) {
  const { readiness } = props;
  const { state, conditions, environment, seam, seamRemedy } = readiness;
  const classes = useStyles();
  const open = openConditions(conditions);
  return (
    <div className={classes.root}>
      {(seam === 'none' || seamRemedy) && (
        <Notice
          tone="attention"
          role="status"
          icon={<LockOpenIcon aria-hidden />}
          title={
            seam === 'none'
              ? `${environment} is not enforced`
              : `${environment} asks somebody else, too`
          }
        >
          <Typography variant="body2">
            {seam === 'none' &&
              'Nothing holds the pipeline there: it goes in whatever is decided here. '}
            {seamRemedy}
          </Typography>
        </Notice>
      )}
      <Notice
        tone={state === 'ready' ? 'success' : 'attention'}
        role="status"
        icon={
          state === 'ready' ? (
            <CheckCircleIcon aria-hidden />
          ) : (
            <HourglassEmptyIcon aria-hidden />
          )
        }
        title={readinessText(readiness)}
      >
        {open.length > 0 && (
          <ul className={classes.open} aria-label="What is open">
            {open.map(({ id, title, until }) => (
              <li key={id}>
                <RefText text={title} />
                {until && (
                  <>
                    , until <ExactMoment at={until} />
                  </>
                )}
              </li>
            ))}
          </ul>
        )}
      </Notice>
      <ConditionList conditions={conditions} />
    </div>
  );
}
