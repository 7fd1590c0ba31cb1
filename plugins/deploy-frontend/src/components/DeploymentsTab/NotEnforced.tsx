import Button from '@material-ui/core/Button';
import Popover from '@material-ui/core/Popover';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import LockOpenIcon from '@material-ui/icons/LockOpen';
import { useState } from 'react';
import { ExternalLink, mutedColor, Snippet } from '../common';

const protectionRuleDocs =
  'https://docs.github.com/en/actions/how-tos/deploy/configure-and-manage-deployments/configure-custom-protection-rules';

const useStyles = makeStyles(theme => ({
  chip: {
    minHeight: 24,
    minWidth: 'max-content',
    padding: theme.spacing(0, 1),
    border: `1px dashed ${mutedColor(theme)}`,
    borderRadius: 12,
    color: mutedColor(theme),
    fontSize: '0.75rem',
    lineHeight: 1.5,
    textTransform: 'none',
    whiteSpace: 'nowrap',
  },
  icon: { fontSize: '0.875rem', marginRight: theme.spacing(0.5) },
  popover: {
    padding: theme.spacing(2),
    width: 420,
    maxWidth: 'calc(100vw - 32px)',
  },
  steps: { margin: theme.spacing(1, 0), paddingLeft: theme.spacing(2.5) },
}));

/**
 * Says that nothing can hold the pipeline at this environment, and on demand what to add.
 *
 * @internal
 */
export function NotEnforced(props: { environment: string }) {
  const { environment } = props;
  const classes = useStyles();
  const [anchor, setAnchor] = useState<Element>();
  return (
    <>
      <Button
        className={classes.chip}
        size="small"
        aria-haspopup="dialog"
        aria-expanded={anchor !== undefined}
        aria-label={`${environment} is not enforced: what does it mean?`}
        onClick={event => setAnchor(event.currentTarget)}
      >
        <LockOpenIcon className={classes.icon} aria-hidden />
        not enforced
      </Button>
      <Popover
        open={anchor !== undefined}
        anchorEl={anchor}
        onClose={() => setAnchor(undefined)}
        anchorOrigin={{ vertical: 'bottom', horizontal: 'right' }}
        transformOrigin={{ vertical: 'top', horizontal: 'right' }}
        PaperProps={{
          className: classes.popover,
          role: 'dialog',
          'aria-label': 'Not enforced',
        }}
      >
        <Typography variant="h6" component="h4">
          Nothing holds the pipeline here
        </Typography>
        <Typography variant="body2">
          Deployments to {environment} are shown, but their pipeline does not
          ask before it goes ahead. To let it ask:
        </Typography>
        <ol className={classes.steps}>
          <Typography component="li" variant="body2">
            Name the environment in the job that deploys:
          </Typography>
        </ol>
        <Snippet
          label="job of the workflow"
          text={`jobs:\n  deploy:\n    environment: ${environment}\n`}
        />
        <ol className={classes.steps} start={2}>
          <Typography component="li" variant="body2">
            In the repository's settings, open the environment and switch on the
            deployment protection rule of this portal's GitHub App.
          </Typography>
        </ol>
        <Typography variant="body2">
          <ExternalLink to={protectionRuleDocs}>
            Deployment protection rules at GitHub
          </ExternalLink>
        </Typography>
      </Popover>
    </>
  );
}
