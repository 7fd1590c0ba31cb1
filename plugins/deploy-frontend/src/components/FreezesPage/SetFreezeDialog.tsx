import { useApi } from '@backstage/core-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { Freeze, NewFreeze } from '@vvp/backstage-plugin-deploy-common';
import { useId, useState } from 'react';
import { deployApiRef } from '../../api';
import { useStart } from '../../hooks/useStart';
import { failureMessage } from '../../logic/failure';
import { emptyFreezeForm, FreezeForm, readFreeze } from '../../logic/freezes';
import {
  ChoiceField,
  FormDialog,
  ReasonInput,
  TextInput,
  toneColor,
} from '../common';
import { FreezeScopeFields } from './FreezeScopeFields';
import { FreezeWindowFields } from './FreezeWindowFields';
import { WindowsPreview } from './WindowsPreview';

const useStyles = makeStyles(theme => ({
  error: { color: toneColor(theme, 'error') },
}));

/**
 * Sets a freeze: dated or recurring, where it reaches, what it lets through.
 *
 * @internal
 */
export function SetFreezeDialog(props: {
  onClose(): void;
  onSet(freeze: Freeze): void;
}) {
  const { onClose, onSet } = props;
  const classes = useStyles();
  const id = useId();
  const deployApi = useApi(deployApiRef);
  const [form, setForm] = useState<FreezeForm>(() =>
    emptyFreezeForm(new Intl.DateTimeFormat().resolvedOptions().timeZone),
  );
  const [tried, setTried] = useState(false);
  const { start, busy, error } = useStart({
    send: (freeze: NewFreeze) => deployApi.setFreeze(freeze),
    onDone: onSet,
  });
  const read = readFreeze(form, Date.now());
  const problems = tried && !read.ok ? read.problems : {};
  const change = (part: Partial<FreezeForm>) => setForm({ ...form, ...part });
  const submit = () => {
    setTried(true);
    if (read.ok) {
      start(read.freeze);
    }
  };
  return (
    <FormDialog
      wide
      title="Set a freeze"
      submitLabel="Set it"
      busyLabel="Setting…"
      busy={busy}
      dirty={form.title !== '' || form.reason !== ''}
      onClose={onClose}
      onSubmit={submit}
    >
      <TextInput
        required
        id={`${id}-title`}
        label="Name"
        size="small"
        value={form.title}
        onChange={event => change({ title: event.target.value })}
        error={Boolean(problems.title)}
        helperText={problems.title}
        inputProps={{ maxLength: 100 }}
      />
      <ReasonInput
        id={`${id}-reason`}
        reason={form.reason}
        onReason={reason => change({ reason })}
        problem={problems.reason}
      />
      <ChoiceField
        id={`${id}-kind`}
        label="When"
        value={form.kind}
        onChange={kind =>
          change({ kind: kind === 'recurring' ? 'recurring' : 'dated' })
        }
        options={[
          { value: 'dated', text: 'Once, from a date to another' },
          { value: 'recurring', text: 'Again and again, by a rule' },
        ]}
      />
      <FreezeWindowFields form={form} problems={problems} onChange={change} />
      <WindowsPreview form={form} />
      <FreezeScopeFields form={form} onChange={change} />
      {error && (
        <Typography className={classes.error} variant="body2" role="alert">
          It was not set: {failureMessage(error)}
        </Typography>
      )}
    </FormDialog>
  );
}
