import Drawer from '@material-ui/core/Drawer';
import IconButton from '@material-ui/core/IconButton';
import { makeStyles, Theme } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import CloseIcon from '@material-ui/icons/Close';
import { ReactNode, useId } from 'react';
import { cardFont, mutedColor } from './tones';

const useStyles = makeStyles<Theme, { width: number }>(theme => ({
  paper: {
    width: ({ width }) => width,
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
  note: { color: mutedColor(theme) },
}));

/**
 * Something to look at beside the page.
 *
 * @internal
 */
export function SidePanel(props: {
  title: string;
  note?: ReactNode;
  closeLabel: string;
  /** Pixels, where the screen has them. */
  width?: number;
  open: boolean;
  onClose(): void;
  children: ReactNode;
}) {
  const { title, note, closeLabel, width = 520, open, onClose } = props;
  const classes = useStyles({ width });
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
            {title}
          </Typography>
          {note && (
            <Typography
              className={classes.note}
              variant="body2"
              component="div"
            >
              {note}
            </Typography>
          )}
        </div>
        <IconButton size="small" aria-label={closeLabel} onClick={onClose}>
          <CloseIcon />
        </IconButton>
      </div>
      {props.children}
    </Drawer>
  );
}
