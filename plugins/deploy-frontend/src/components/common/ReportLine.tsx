import { makeStyles } from '@material-ui/core/styles';
import { Evidence, Provenance } from '@vvp/backstage-plugin-deploy-common';
import { shortCommit } from '../../logic/links';
import { Moment } from './Moment';
import { mutedColor } from './tones';

const useStyles = makeStyles(theme => ({
  root: {
    color: mutedColor(theme),
    fontSize: '0.8125rem',
    lineHeight: 1.6,
    overflowWrap: 'anywhere',
  },
  code: {
    fontFamily: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  },
}));

/**
 * Where a report comes from: commit, time, tool and who brought it.
 *
 * @internal
 */
export function ReportLine(props: { report: Evidence }) {
  const { commit, ref, measuredAt, tool, provenance } = props.report;
  const classes = useStyles();
  return (
    <div className={classes.root}>
      Measured on <span className={classes.code}>{shortCommit(commit)}</span>
      {ref && ` (${ref})`} <Moment at={measuredAt} />
      {tool && ` by ${tool}`}, reported by {reporterText(provenance)}
    </div>
  );
}

function reporterText(provenance: Provenance): string {
  switch (provenance.kind) {
    case 'github-oidc':
      return `run ${provenance.runId} of ${provenance.repository}`;
    case 'user':
      return provenance.userRef;
    case 'api-key':
      return `the key ${provenance.name}`;
    default:
      return provenance.subject;
  }
}
