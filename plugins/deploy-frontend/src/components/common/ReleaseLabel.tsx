import { makeStyles } from '@material-ui/core/styles';
import { Deployment } from '@vvp/backstage-plugin-deploy-common';
import { commitUrl, shortCommit } from '../../logic/links';
import { CopyButton } from './CopyButton';
import { ExternalLink } from './ExternalLink';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'inline-flex',
    alignItems: 'center',
    flexWrap: 'wrap',
    columnGap: theme.spacing(1),
    minWidth: 0,
    maxWidth: '100%',
  },
  version: { fontWeight: 600, overflowWrap: 'anywhere', minWidth: 0 },
  commit: {
    display: 'inline-flex',
    alignItems: 'center',
    fontFamily: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
    fontSize: '0.95em',
    whiteSpace: 'nowrap',
    '& a': { overflowWrap: 'normal' },
  },
}));

/**
 * Version, where known, and commit of what was deployed.
 *
 * @internal
 */
export function ReleaseLabel(props: {
  deployment: Pick<Deployment, 'release' | 'run' | 'url'>;
  /** Shows a button that copies the whole SHA. */
  copyable?: boolean;
}) {
  const { deployment, copyable } = props;
  const classes = useStyles();
  const { commit, version } = deployment.release;
  const short = shortCommit(commit);
  return (
    <span className={classes.root}>
      {version && <span className={classes.version}>{version}</span>}
      <span className={classes.commit}>
        <ExternalLink
          to={commitUrl(deployment)}
          label={`Commit ${short}`}
          plain
        >
          {short}
        </ExternalLink>
        {copyable && (
          <CopyButton text={commit} label={`Copy commit ${short}`} />
        )}
      </span>
    </span>
  );
}
