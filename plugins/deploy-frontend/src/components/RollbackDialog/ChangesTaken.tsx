import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { Commit, CommitRange } from '@vvp/backstage-plugin-deploy-common';
import { useState } from 'react';
import { shortCommit } from '../../logic/links';
import { personText } from '../../logic/people';
import { changesText, CommitGroup, groupCommits } from '../../logic/rollback';
import { ExternalLink, mutedColor } from '../common';

const shownAtFirst = 8;

const useStyles = makeStyles(theme => ({
  list: { margin: 0, paddingLeft: theme.spacing(2.5), fontSize: '0.875rem' },
  inner: {
    margin: 0,
    paddingLeft: theme.spacing(2),
    listStyle: 'none',
    color: mutedColor(theme),
    fontSize: '0.8125rem',
  },
  item: { overflowWrap: 'anywhere', marginBottom: theme.spacing(0.5) },
  commit: {
    fontFamily: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
    fontSize: '0.95em',
  },
  author: { color: mutedColor(theme) },
  button: { textTransform: 'none' },
}));

/**
 * Commits that are taken out, each with the pull request that brought it.
 *
 * @internal
 */
export function ChangesTaken(props: {
  changes: CommitRange | undefined;
  /** Default: how many are taken out. */
  text?: string;
}) {
  const { changes, text = changesText(changes) } = props;
  const classes = useStyles();
  const [all, setAll] = useState(false);
  const groups = groupCommits(changes?.commits ?? []);
  const shown = all ? groups : groups.slice(0, shownAtFirst);
  return (
    <div>
      <Typography variant="body2">{text}</Typography>
      {shown.length > 0 && (
        <ul className={classes.list} aria-label="Changes">
          {shown.map(group => (
            <li key={group.key} className={classes.item}>
              <Group group={group} />
            </li>
          ))}
        </ul>
      )}
      {groups.length > shownAtFirst && (
        <Button
          className={classes.button}
          size="small"
          color="primary"
          aria-expanded={all}
          onClick={() => setAll(!all)}
        >
          {all ? 'Show fewer' : `Show all ${groups.length}`}
        </Button>
      )}
    </div>
  );
}

function Group(props: { group: CommitGroup }) {
  const { pullRequest, commits } = props.group;
  const classes = useStyles();
  if (!pullRequest) {
    return <CommitText commit={commits[0]} />;
  }
  return (
    <>
      <ExternalLink to={pullRequest.url}>
        #{pullRequest.number} {pullRequest.title ?? commits[0].title}
      </ExternalLink>
      <ul className={classes.inner}>
        {commits.map(commit => (
          <li key={commit.sha}>
            <CommitText commit={commit} />
          </li>
        ))}
      </ul>
    </>
  );
}

function CommitText(props: { commit: Commit }) {
  const { sha, title, author, url } = props.commit;
  const classes = useStyles();
  return (
    <>
      <span className={classes.commit}>
        <ExternalLink to={url} label={`Commit ${shortCommit(sha)}`} plain>
          {shortCommit(sha)}
        </ExternalLink>
      </span>{' '}
      {title}
      {author && (
        <span className={classes.author}> by {personText(author)}</span>
      )}
    </>
  );
}
