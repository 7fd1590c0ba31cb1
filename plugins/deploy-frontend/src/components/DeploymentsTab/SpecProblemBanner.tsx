import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import ReportProblemIcon from '@material-ui/icons/ReportProblem';
import { SpecProblem } from '@vvp/backstage-plugin-deploy-common';
import { shortCommit } from '../../logic/links';
import { ExternalLink, Moment, Notice } from '../common';

const useStyles = makeStyles(theme => ({
  findings: {
    margin: theme.spacing(0.5, 0, 1),
    fontFamily: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
    fontSize: '0.8125rem',
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
  },
}));

/**
 * Says that the `deploy.yaml` in the repository cannot be used, why, and what is used instead.
 *
 * @internal
 */
export function SpecProblemBanner(props: { problem: SpecProblem }) {
  const { message, url, line, since, lastGoodCommit } = props.problem;
  const classes = useStyles();
  return (
    <Notice
      tone="attention"
      role="status"
      icon={<ReportProblemIcon aria-hidden />}
      title="deploy.yaml cannot be used as it is"
    >
      <div
        className={classes.findings}
        role="group"
        aria-label="Findings in deploy.yaml"
      >
        {message}
      </div>
      <Typography variant="body2">
        <ExternalLink to={line === undefined ? url : `${url}#L${line}`}>
          {line === undefined
            ? 'Open the file'
            : `Open the file at line ${line}`}
        </ExternalLink>
        {' · '}since <Moment at={since} />
        {' · '}
        {lastGoodCommit ? (
          <>
            the file of commit <code>{shortCommit(lastGoodCommit)}</code> stays
            in use
          </>
        ) : (
          'no environment is known until it can be read: there is no earlier file to fall back on'
        )}
      </Typography>
    </Notice>
  );
}
