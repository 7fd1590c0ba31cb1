import { makeStyles } from '@material-ui/core/styles';
import { Evidence } from '@vvp/backstage-plugin-deploy-common';
import { latestReports } from '../../logic/evidence';
import { numberText } from '../../logic/numbers';
import { openFindings, scanText } from '../../logic/security';
import { GateStateIcon } from '../gates';

const useStyles = makeStyles(theme => ({
  line: { display: 'flex', gap: theme.spacing(0.75), minWidth: 0 },
  sign: { paddingTop: '0.1em' },
}));

/**
 * Open findings that matter most, and scans that did not complete.
 *
 * @internal
 */
export function SecurityLine(props: { reports: Evidence[] }) {
  const classes = useStyles();
  const scans = latestReports(props.reports);
  if (scans.length === 0) {
    return null;
  }
  const { critical, high } = openFindings(scans);
  return (
    <>
      <dt>Security</dt>
      <dd>
        <b>{numberText(critical)}</b> critical, <b>{numberText(high)}</b> high
        open
        {scans
          .filter(
            ({ summary }) => summary.type === 'security' && !summary.completed,
          )
          .map(scan => (
            <div className={classes.line} key={scan.id}>
              <span className={classes.sign}>
                <GateStateIcon state="fail" />
              </span>
              <span>{scanText(scan)} did not complete</span>
            </div>
          ))}
      </dd>
    </>
  );
}
