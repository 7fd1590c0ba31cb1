import { makeStyles } from '@material-ui/core/styles';
import AcUnitIcon from '@material-ui/icons/AcUnit';
import BlockIcon from '@material-ui/icons/Block';
import LockIcon from '@material-ui/icons/Lock';
import PanToolIcon from '@material-ui/icons/PanTool';
import SyncIcon from '@material-ui/icons/Sync';
import { EnvironmentOverview } from '@vvp/backstage-plugin-deploy-common';
import { operationTexts, operationTitles } from '../../logic/operations';
import { personText } from '../../logic/people';
import { absoluteTime } from '../../logic/time';
import { ToneLabel } from './ToneLabel';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'inline-flex',
    flexWrap: 'wrap',
    columnGap: theme.spacing(1.5),
    fontSize: '0.8125rem',
  },
}));

/**
 * Freeze, lock, hold, running operation and quarantine of an environment in a word each, where there are any.
 *
 * @internal
 */
export function EnvironmentSigns(props: { environment: EnvironmentOverview }) {
  const { lock, hold, freeze, runningOperation, currentDeployment } =
    props.environment;
  const quarantine = currentDeployment?.release.quarantine;
  const classes = useStyles();
  if (!lock && !hold && !freeze && !runningOperation && !quarantine) {
    return null;
  }
  return (
    <span className={classes.root}>
      {runningOperation && (
        <ToneLabel
          icon={SyncIcon}
          turning={runningOperation.status === 'running'}
          text={{
            label: `${operationTitles[runningOperation.kind]} ${operationTexts[
              runningOperation.status
            ].label.toLocaleLowerCase('en')}`,
            meaning: operationTexts[runningOperation.status].meaning,
            tone: 'progress',
          }}
        />
      )}
      {freeze && (
        <ToneLabel
          icon={AcUnitIcon}
          text={{
            label: 'Frozen',
            meaning: `${freeze.title}, until ${absoluteTime(
              freeze.nextOpen,
            )}: ${freeze.reason}`,
            tone: 'attention',
          }}
        />
      )}
      {lock && (
        <ToneLabel
          icon={LockIcon}
          text={{
            label: 'Locked',
            meaning: `By ${personText(lock.owner)}: ${lock.reason}`,
            tone: 'attention',
          }}
        />
      )}
      {hold && (
        <ToneLabel
          icon={PanToolIcon}
          text={{
            label: 'On hold',
            meaning: `By ${personText(hold.by)}: ${hold.reason}`,
            tone: 'attention',
          }}
        />
      )}
      {quarantine && <QuarantineLabel quarantine={quarantine} />}
    </span>
  );
}

/**
 * Says that a release may not be deployed, and on hover why.
 *
 * @internal
 */
export function QuarantineLabel(props: {
  quarantine: { by: string; reason: string };
}) {
  const { by, reason } = props.quarantine;
  return (
    <ToneLabel
      icon={BlockIcon}
      text={{
        label: 'Quarantined',
        meaning: `By ${personText(by)}: ${reason}`,
        tone: 'error',
      }}
    />
  );
}
