import { makeStyles } from '@material-ui/core/styles';
import { RevisionEntry } from '@vvp/backstage-plugin-deploy-common';
import { pastStatus } from '../../logic/revisions';
import { absoluteTime } from '../../logic/time';
import {
  Moment,
  mutedColor,
  StatusIcon,
  StatusLabel,
  VisuallyHidden,
} from '../common';

const useStyles = makeStyles(theme => ({
  root: { fontSize: '0.875rem' },
  newest: {
    display: 'flex',
    flexWrap: 'wrap',
    columnGap: theme.spacing(1),
    alignItems: 'center',
  },
  earlier: {
    display: 'inline-flex',
    gap: theme.spacing(0.5),
    listStyle: 'none',
    margin: 0,
    padding: 0,
    verticalAlign: 'middle',
  },
  nothing: { color: mutedColor(theme) },
  line: {
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(0.75),
    color: mutedColor(theme),
    fontSize: '0.8125rem',
  },
}));

/**
 * What came of a revision's deployments here: the newest in words, the ones before as signs.
 *
 * @internal
 */
export function PastDeployments(props: {
  deployments: RevisionEntry['deployments'];
}) {
  const [newest, ...earlier] = props.deployments;
  const classes = useStyles();
  if (!newest) {
    return (
      <span className={`${classes.root} ${classes.nothing}`}>
        no deployment known
      </span>
    );
  }
  const { status, label } = pastStatus(newest.status);
  return (
    <div className={classes.root}>
      <div className={classes.newest}>
        {status ? <StatusLabel status={status} /> : label}
        <Moment at={newest.at} />
      </div>
      {earlier.length > 0 && (
        <div className={classes.line}>
          before:
          <ul className={classes.earlier}>
            {earlier.map(deployment => (
              <Earlier key={deployment.id} deployment={deployment} />
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}

function Earlier(props: { deployment: RevisionEntry['deployments'][number] }) {
  const { deployment } = props;
  const { status, label } = pastStatus(deployment.status);
  const text = `${label}, ${absoluteTime(deployment.at)}`;
  return (
    <li title={text}>
      {status ? <StatusIcon status={status} /> : label}
      {status && <VisuallyHidden>{text}</VisuallyHidden>}
    </li>
  );
}
