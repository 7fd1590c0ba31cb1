import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import HourglassEmptyIcon from '@material-ui/icons/HourglassEmpty';
import {
  EnvironmentOverview,
  RevisionList,
} from '@vvp/backstage-plugin-deploy-common';
import { firstDeploymentText, madeBeforeText } from '../../logic/revisions';
import { mutedColor, Notice, RefText } from '../common';

const useStyles = makeStyles(theme => ({
  text: { maxWidth: '72ch' },
  nothing: {
    maxWidth: '72ch',
    color: mutedColor(theme),
    padding: theme.spacing(1, 0),
  },
}));

/**
 * Why there is no revision: mostly nothing runs here so far, and then what will make something run.
 *
 * @internal
 */
export function NothingYet(props: {
  environment: EnvironmentOverview;
  revisions: RevisionList;
}) {
  const { environment, revisions } = props;
  const { missing, target } = revisions;
  const classes = useStyles();
  if (environment.currentDeployment) {
    return (
      <Typography className={classes.nothing}>
        The platform knows no revision, although a deployment has worked here.
        Diagnostics tell more.
      </Typography>
    );
  }
  const madeBefore = missing && madeBeforeText(target);
  return (
    <Notice
      tone="neutral"
      role="status"
      icon={<HourglassEmptyIcon aria-hidden />}
      title={`Nothing runs in ${environment.name} yet`}
    >
      <Typography className={classes.text} variant="body2">
        {firstDeploymentText(environment)} Then this page has what can be put
        back.
      </Typography>
      {madeBefore && (
        <Typography className={classes.text} variant="body2">
          {madeBefore}
        </Typography>
      )}
      {missing && (
        <Typography className={classes.text} variant="body2">
          If something should run here already:{' '}
          <RefText text={missing.message} />
          {missing.remedy && (
            <>
              {' '}
              <RefText text={missing.remedy} />
            </>
          )}
        </Typography>
      )}
    </Notice>
  );
}
