import { makeStyles } from '@material-ui/core/styles';
import {
  Deployment,
  EnvironmentOverview,
} from '@vvp/backstage-plugin-deploy-common';
import { statusMoment, statusTexts } from '../../logic/status';
import { EnvironmentSigns } from './EnvironmentSigns';
import { Moment } from './Moment';
import { ReleaseLabel } from './ReleaseLabel';
import { StatusIcon, StatusLabel } from './StatusLabel';
import { mutedColor } from './tones';
import { VisuallyHidden } from './VisuallyHidden';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'grid',
    rowGap: theme.spacing(0.5),
    fontSize: '0.875rem',
    lineHeight: 1.4,
    color: theme.palette.text.primary,
  },
  row: { display: 'flex', columnGap: theme.spacing(0.75), minWidth: 0 },
  sign: { flexShrink: 0, width: '1.25em', paddingTop: '0.1em' },
  content: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'baseline',
    columnGap: theme.spacing(1),
    minWidth: 0,
  },
  name: { fontWeight: 600, overflowWrap: 'anywhere', minWidth: 0 },
  onlyNarrow: { [theme.breakpoints.up('sm')]: { display: 'none' } },
  muted: { color: mutedColor(theme), whiteSpace: 'nowrap' },
}));

/**
 * An environment in short: what runs, since when; a second line if a newer attempt is not in place.
 *
 * @internal
 */
export function EnvironmentLine(props: {
  environment: EnvironmentOverview;
  /** Shows the name on wide screens too, where a column may say it already. */
  showName?: boolean;
}) {
  const { name, currentDeployment, latestDeployment } = props.environment;
  const classes = useStyles();
  return (
    <div className={classes.root}>
      <div className={classes.row}>
        <div className={classes.sign}>
          {currentDeployment && (
            <StatusIcon status={currentDeployment.status} />
          )}
        </div>
        <div className={classes.content}>
          <span
            className={`${classes.name} ${
              props.showName ? '' : classes.onlyNarrow
            }`}
          >
            {name}
          </span>
          {currentDeployment ? (
            <>
              <VisuallyHidden>
                {statusTexts[currentDeployment.status].label}
              </VisuallyHidden>
              <ReleaseAndAge deployment={currentDeployment} />
            </>
          ) : (
            <span className={classes.muted}>never deployed</span>
          )}
          <EnvironmentSigns environment={props.environment} />
        </div>
      </div>
      {latestDeployment && (
        <div className={classes.row}>
          <div className={classes.sign} />
          <div className={classes.content}>
            <StatusLabel status={latestDeployment.status} />
            <ReleaseAndAge deployment={latestDeployment} />
          </div>
        </div>
      )}
    </div>
  );
}

function ReleaseAndAge(props: { deployment: Deployment }) {
  const { deployment } = props;
  const classes = useStyles();
  return (
    <>
      <ReleaseLabel deployment={deployment} />
      <span className={classes.muted}>
        <Moment at={statusMoment(deployment)} />
      </span>
    </>
  );
}
