import { Evidence } from '@vvp/backstage-plugin-deploy-common';
import { latestReports } from '../../logic/evidence';
import { numberText } from '../../logic/numbers';
import { openFindings, scanText } from '../../logic/security';
import { GateStateIcon } from '../gates';

/**
 * Open findings that matter most, and scans that did not complete.
 *
 * @internal
 */
export function SecurityLine(props: { reports: Evidence[] }) {
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
            <div key={scan.id}>
              <GateStateIcon state="fail" /> {scanText(scan)} did not complete
            </div>
          ))}
      </dd>
    </>
  );
}
