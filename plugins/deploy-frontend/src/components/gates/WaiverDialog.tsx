import { useApi } from '@backstage/core-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { GateResult, GateSummary } from '@vvp/backstage-plugin-deploy-common';
import { useId, useState } from 'react';
import { deployApiRef } from '../../api';
import { useStart } from '../../hooks/useStart';
import { failureMessage } from '../../logic/failure';
import { shortCommit } from '../../logic/links';
import { readWaiver, WaiverForm, waiverPeriods } from '../../logic/waiver';
import {
  ChoiceField,
  FormDialog,
  ReasonInput,
  TextInput,
  toneColor,
} from '../common';

const useStyles = makeStyles(theme => ({
  problem: {
    color: toneColor(theme, 'error'),
    margin: theme.spacing(0.5, 0, 0),
    fontSize: '0.8125rem',
  },
  error: { color: toneColor(theme, 'error') },
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
  const deployApi = useApi(deployApiRef);
  const id = useId();
  const [form, setForm] = useState<WaiverForm>({
    reason: '',
    period: '',
    until: '',
  });
  const [tried, setTried] = useState(false);
  const { start, busy, error } = useStart({
    send: (waiver: { reason: string; expiresAt: string }) =>
      deployApi.waiveGate(gate.id, waiver),
    onDone: onWaived,
  });
  const read = readWaiver(form, Date.now());
  const problems = tried && !read.ok ? read : undefined;
  const change = (part: Partial<WaiverForm>) => setForm({ ...form, ...part });

  const submit = () => {
    setTried(true);
    if (read.ok) {
      start({ reason: read.reason, expiresAt: read.expiresAt });
    }
  };
  return (
    <FormDialog
      title={`Waive “${gate.title}” for ${gate.environment}`}
      submitLabel="Waive the gate"
      busyLabel="Waiving…"
      busy={busy}
      dirty={form.reason !== ''}
      onClose={onClose}
      onSubmit={submit}
    >
      <Typography variant="body2">{gate.reason}</Typography>
      <Typography variant="body2">
        The release {release.version ? `${release.version}, ` : ''}
        {shortCommit(release.commit)} may then pass this gate. Others cannot.
        Your name and the reason are shown beside it, and kept.
      </Typography>
      <ReasonInput
        id={`${id}-reason`}
        reason={form.reason}
        onReason={reason => change({ reason })}
        problem={problems?.reason}
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
        <TextInput
          required
          id={`${id}-until`}
          label="Until"
          type="datetime-local"
          size="small"
          value={form.until}
          onChange={event => change({ until: event.target.value })}
          error={Boolean(problems?.until)}
          helperText={problems?.until}
        />
      )}
      {error && (
        <Typography className={classes.error} variant="body2" role="alert">
          The gate was not waived: {failureMessage(error)}
        </Typography>
      )}
    </FormDialog>
  );
}
