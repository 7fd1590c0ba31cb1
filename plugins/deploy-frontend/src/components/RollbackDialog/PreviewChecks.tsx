import { makeStyles } from '@material-ui/core/styles';
import { RollbackPreview } from '@vvp/backstage-plugin-deploy-common';
import { shortCommit } from '../../logic/links';
import { previewChecks } from '../../logic/previewChecks';
import { CheckItem, CheckList, ExternalLink } from '../common';

const shownAtMost = 20;

const useStyles = makeStyles(theme => ({
  runs: {
    margin: theme.spacing(0.25, 0, 0),
    paddingLeft: theme.spacing(2.5),
  },
}));

/**
 * What to know before a rollback, the worst first.
 *
 * @internal
 */
export function PreviewChecks(props: { preview: RollbackPreview }) {
  const { preview } = props;
  return (
    <CheckList label="What to know">
      {previewChecks(preview).map(({ key, ...check }) => (
        <CheckItem key={key} check={check}>
          {key === 'runs' && preview.runsInFlight.length > 0 && (
            <Runs preview={preview} />
          )}
        </CheckItem>
      ))}
    </CheckList>
  );
}

function Runs(props: { preview: RollbackPreview }) {
  const classes = useStyles();
  return (
    <ul className={classes.runs}>
      {props.preview.runsInFlight
        .slice(0, shownAtMost)
        .map(({ runId, workflowName, status, commit, url }) => (
          <li key={runId}>
            <ExternalLink to={url}>
              {workflowName ?? 'Run'} {runId}
            </ExternalLink>{' '}
            {status.replace('_', ' ')}
            {commit && `, ${shortCommit(commit)}`}
          </li>
        ))}
    </ul>
  );
}
