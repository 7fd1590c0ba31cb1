import { useApi } from '@backstage/core-plugin-api';
import Button from '@material-ui/core/Button';
import Dialog from '@material-ui/core/Dialog';
import DialogActions from '@material-ui/core/DialogActions';
import DialogContent from '@material-ui/core/DialogContent';
import { makeStyles } from '@material-ui/core/styles';
import TextField from '@material-ui/core/TextField';
import Typography from '@material-ui/core/Typography';
import { GateResult, GateSummary } from '@vvp/backstage-plugin-deploy-common';
import { FormEvent, useId, useRef, useState } from 'react';
import { deployApiRef } from '../../api';
import { failureMessage, toError } from '../../logic/failure';
import { shortCommit } from '../../logic/links';
import { readWaiver, WaiverForm, waiverPeriods } from '../../logic/waiver';
import { cardFont, ChoiceField, mutedColor, toneColor } from '../common';

const useStyles = makeStyles(theme => ({
  title: {
    padding: theme.spacing(2, 3, 1),
    fontSize: '1.25rem',
    fontWeight: 600,
    overflowWrap: 'anywhere',
  },
  content: {
    display: 'grid',
    gap: theme.spacing(2),
    overflowWrap: 'anywhere',
  },
  paper: {
    fontFamily: cardFont,
    '& [class*="Mui"]': { fontFamily: 'inherit' },
  },
  label: {
    color: mutedColor(theme),
    '&.Mui-error': { color: toneColor(theme, 'error') },
  },
  problem: {
    '&, &.Mui-error': { color: toneColor(theme, 'error') },
    margin: theme.spacing(0.5, 0, 0),
    fontSize: '0.8125rem',
  },
  error: { color: toneColor(theme, 'error') },
  actions: { padding: theme.spacing(1, 3, 2) },
  button: { textTransform: 'none' },
}));

/**
 * Asks why and for how long a release may pass a gate, and says so to the backend once.
 *
 * @internal
 */
export function WaiverDialog(props: {
  gate: GateResult;
  release: GateSummary['release'];
  onClose(): void;
  onWaived(): void;
}) {
  const { gate, release, onClose, onWaived } = props;
  const classes = useStyles();
  const id = useId();
  const [form, setForm] = useState<WaiverForm>({
    reason: '',
    period: '',
    until: '',
  });
  const [tried, setTried] = useState(false);
  const { send, busy, error } = useWaiver(gate.id, onWaived);
  const read = readWaiver(form, Date.now());
  const problems = tried && !read.ok ? read : undefined;
  const change = (part: Partial<WaiverForm>) => setForm({ ...form, ...part });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (read.ok) {
      send({ reason: read.reason, expiresAt: read.expiresAt });
    }
  };
  return (
    <Dialog
      open
      fullWidth
      maxWidth="sm"
      onClose={busy ? undefined : onClose}
      aria-labelledby={`${id}-title`}
      PaperProps={{ className: classes.paper }}
    >
      <form onSubmit={submit} noValidate aria-label="Waiver">
        <Typography className={classes.title} component="h3" id={`${id}-title`}>
          Waive “{gate.title}” for {gate.environment}
        </Typography>
        <DialogContent className={classes.content}>
          <Typography variant="body2">{gate.reason}</Typography>
          <Typography variant="body2">
            The release {release.version ? `${release.version}, ` : ''}
            {shortCommit(release.commit)} may then pass this gate. Others
            cannot. Your name and the reason are shown beside it, and kept.
          </Typography>
          <TextField
            required
            multiline
            minRows={3}
            id={`${id}-reason`}
            label="Reason"
            variant="outlined"
            value={form.reason}
            onChange={event => change({ reason: event.target.value })}
            error={Boolean(problems?.reason)}
            helperText={problems?.reason}
            FormHelperTextProps={{ className: classes.problem }}
            InputLabelProps={{ shrink: true, className: classes.label }}
            inputProps={{ maxLength: 2000 }}
          />
          <div>
            <ChoiceField
              id={`${id}-period`}
              label="For how long"
              value={form.period}
              onChange={period => change({ period })}
              options={[{ value: '', text: 'Choose…' }, ...waiverPeriods]}
            />
            {problems?.period && (
              <div className={classes.problem} role="alert">
                {problems.period}
              </div>
            )}
          </div>
          {form.period === 'custom' && (
            <TextField
              required
              id={`${id}-until`}
              label="Until"
              type="datetime-local"
              variant="outlined"
              size="small"
              value={form.until}
              onChange={event => change({ until: event.target.value })}
              error={Boolean(problems?.until)}
              helperText={problems?.until}
              FormHelperTextProps={{ className: classes.problem }}
              InputLabelProps={{ shrink: true, className: classes.label }}
            />
          )}
          {error && (
            <Typography className={classes.error} variant="body2" role="alert">
              The gate was not waived: {failureMessage(error)}
            </Typography>
          )}
        </DialogContent>
        <DialogActions className={classes.actions}>
          <Button className={classes.button} onClick={onClose} disabled={busy}>
            Cancel
          </Button>
          <Button
            className={classes.button}
            type="submit"
            variant="contained"
            color="primary"
            disabled={busy}
          >
            {busy ? 'Waiving…' : 'Waive the gate'}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

/** Sends once, however often the button is pressed. */
function useWaiver(gateId: string, onWaived: () => void) {
  const deployApi = useApi(deployApiRef);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error>();
  const sending = useRef(false);
  const send = async (waiver: { reason: string; expiresAt: string }) => {
    if (sending.current) {
      return;
    }
    sending.current = true;
    setBusy(true);
    setError(undefined);
    try {
      await deployApi.waiveGate(gateId, waiver);
      onWaived();
    } catch (thrown) {
      sending.current = false;
      setBusy(false);
      setError(toError(thrown));
    }
  };
  return { send, busy, error };
}
