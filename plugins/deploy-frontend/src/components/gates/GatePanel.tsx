import Drawer from '@material-ui/core/Drawer';
import IconButton from '@material-ui/core/IconButton';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import CloseIcon from '@material-ui/icons/Close';
import { GateSummary } from '@vvp/backstage-plugin-deploy-common';
import { useId } from 'react';
import { gatesText } from '../../logic/gates';
import { shortCommit } from '../../logic/links';
import { cardFont, mutedColor } from '../common';
import { GateList } from './GateList';

const useStyles = makeStyles(theme => ({
  paper: {
    width: 520,
    maxWidth: '100vw',
    padding: theme.spacing(2, 2, 4),
    fontFamily: cardFont,
    '& [class*="Mui"]': { fontFamily: 'inherit' },
  },
  head: {
    display: 'flex',
    alignItems: 'flex-start',
    justifyContent: 'space-between',
    gap: theme.spacing(1),
    marginBottom: theme.spacing(2),
  },
  words: { minWidth: 0, overflowWrap: 'anywhere' },
  title: { fontSize: '1.25rem', fontWeight: 600 },
  release: { color: mutedColor(theme) },
}));

/**
 * Every gate between a release and an environment, at the side of the page.
 *
 * @internal
 */
export function GatePanel(props: {
  entityRef: string;
  environment: string;
  gates: GateSummary;
  open: boolean;
  onClose(): void;
  onWaived(): void;
}) {
  const { entityRef, environment, gates, open, onClose, onWaived } = props;
  const { commit, version } = gates.release;
  const classes = useStyles();
  const titleId = useId();
  return (
    <Drawer
      anchor="right"
      open={open}
      onClose={onClose}
      PaperProps={{
        className: classes.paper,
        role: 'dialog',
        'aria-modal': true,
        'aria-labelledby': titleId,
      }}
    >
      <div className={classes.head}>
        <div className={classes.words}>
          <Typography className={classes.title} component="h3" id={titleId}>
            Gates of {environment}
          </Typography>
          <Typography className={classes.release} variant="body2">
            {gatesText(gates)} for {version ? `${version}, ` : ''}
            {shortCommit(commit)}
          </Typography>
        </div>
        <IconButton size="small" aria-label="Close the gates" onClick={onClose}>
          <CloseIcon />
        </IconButton>
      </div>
      <GateList
        entityRef={entityRef}
        environment={environment}
        gates={gates}
        onWaived={onWaived}
      />
    </Drawer>
  );
}
