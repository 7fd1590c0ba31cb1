import Button from '@material-ui/core/Button';
import Dialog from '@material-ui/core/Dialog';
import DialogActions from '@material-ui/core/DialogActions';
import DialogContent from '@material-ui/core/DialogContent';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { FormEvent, ReactNode, useId } from 'react';
import { cardFont, mutedColor } from './tones';

const useStyles = makeStyles(theme => ({
  title: {
    padding: theme.spacing(2, 3, 1),
    fontSize: '1.25rem',
    fontWeight: 600,
    overflowWrap: 'anywhere',
    [theme.breakpoints.down('xs')]: { padding: theme.spacing(2, 2, 1) },
  },
  content: {
    display: 'grid',
    gap: theme.spacing(2),
    alignContent: 'start',
    overflowWrap: 'anywhere',
    // Room for the label of a field that comes first.
    paddingTop: theme.spacing(1),
    '& > *': { minWidth: 0 },
    [theme.breakpoints.down('xs')]: { padding: theme.spacing(1, 2) },
  },
  form: {
    display: 'flex',
    flexDirection: 'column',
    minHeight: 0,
    overflow: 'auto',
  },
  paper: {
    fontFamily: cardFont,
    '& [class*="Mui"]': { fontFamily: 'inherit' },
    [theme.breakpoints.down('xs')]: {
      width: 'calc(100% - 16px)',
      maxWidth: 'none',
      margin: theme.spacing(1),
      maxHeight: 'calc(100% - 16px)',
    },
  },
  actions: {
    flexWrap: 'wrap',
    padding: theme.spacing(1, 3, 2),
    gap: theme.spacing(1),
    borderTop: `1px solid ${theme.palette.divider}`,
    '& > *': { marginLeft: 0 },
    [theme.breakpoints.down('xs')]: { padding: theme.spacing(1, 2, 1.5) },
  },
  hint: {
    flex: '1 1 160px',
    color: mutedColor(theme),
    fontSize: '0.8125rem',
  },
  button: { textTransform: 'none' },
}));

/**
 * The frame of every dialog that asks for something and then does it.
 *
 * @internal
 */
export function FormDialog(props: {
  title: string;
  /** Of the button that does it. */
  submitLabel: string;
  busyLabel: string;
  closeLabel?: string;
  busy: boolean;
  /** The button cannot be pressed. */
  disabled?: boolean;
  /** What still is missing, beside the buttons. */
  hint?: string;
  /** Something was filled in that a click beside the dialog must not lose. */
  dirty?: boolean;
  wide?: boolean;
  /** More buttons, before the others. */
  actions?: ReactNode;
  onClose(): void;
  onSubmit(): void;
  children: ReactNode;
}) {
  const { title, busy, disabled, hint, dirty, onClose, onSubmit } = props;
  const classes = useStyles();
  const id = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!busy && !disabled) {
      onSubmit();
    }
  };
  const close = (_event: object, reason: string) => {
    if (!busy && !(dirty && reason === 'backdropClick')) {
      onClose();
    }
  };
  return (
    <Dialog
      open
      fullWidth
      maxWidth={props.wide ? 'md' : 'sm'}
      onClose={close}
      aria-labelledby={`${id}-title`}
      PaperProps={{ className: classes.paper }}
    >
      <form
        className={classes.form}
        onSubmit={submit}
        noValidate
        aria-labelledby={`${id}-title`}
      >
        <Typography className={classes.title} component="h3" id={`${id}-title`}>
          {title}
        </Typography>
        <DialogContent className={classes.content}>
          {props.children}
        </DialogContent>
        <DialogActions className={classes.actions}>
          <span className={classes.hint} role="status" id={`${id}-hint`}>
            {hint}
          </span>
          {props.actions}
          <Button className={classes.button} onClick={onClose} disabled={busy}>
            {props.closeLabel ?? 'Close'}
          </Button>
          <Button
            className={classes.button}
            type="submit"
            variant="contained"
            color="primary"
            disabled={busy || disabled}
            aria-describedby={hint ? `${id}-hint` : undefined}
          >
            {busy ? props.busyLabel : props.submitLabel}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
