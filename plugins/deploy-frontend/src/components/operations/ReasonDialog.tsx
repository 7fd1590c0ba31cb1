import { useApi } from '@backstage/core-plugin-api';
import Typography from '@material-ui/core/Typography';
import { useId, useState } from 'react';
import { deployApiRef } from '../../api';
import { useStart } from '../../hooks/useStart';
import {
  ActionForm,
  ActionRequest,
  asksToConfirm,
  lockPeriods,
  readAction,
} from '../../logic/actions';
import { ChoiceField, FormDialog, ReasonInput, TextInput } from '../common';
import { ActionFailure } from './ActionFailure';
import { Action, ActionResult } from './actions';

/**
 * Asks for what an action needs, and does it once.
 *
 * @internal
 */
export function ReasonDialog(props: {
  entityRef: string;
  environment: string;
  action: Action;
  onClose(): void;
  onDone(result: ActionResult): void;
}) {
  const { entityRef, environment, action, onClose, onDone } = props;
  const { asks } = action;
  const deployApi = useApi(deployApiRef);
  const id = useId();
  const [form, setForm] = useState<ActionForm>({
    reason: '',
    period: 'open',
    until: '',
    confirm: '',
  });
  const [tried, setTried] = useState(false);
  const [confirmAsked, setConfirmAsked] = useState(false);
  const { start, busy, error } = useStart({
    send: async (request: ActionRequest, idempotencyKey) => {
      try {
        return await action.run(deployApi, request, idempotencyKey);
      } catch (thrown) {
        // The backend alone knows where a word has to be typed, and which.
        setConfirmAsked(asked => asked || asksToConfirm(thrown));
        throw thrown;
      }
    },
    onDone,
  });
  const read = readAction(form, asks, Date.now());
  const problems = tried && !read.ok ? read : undefined;
  const change = (part: Partial<ActionForm>) => setForm({ ...form, ...part });

  const submit = () => {
    setTried(true);
    if (read.ok) {
      start(read.request);
    }
  };
  return (
    <FormDialog
      title={action.title}
      submitLabel={action.submit}
      busyLabel={action.busy}
      busy={busy}
      dirty={form.reason !== ''}
      onClose={onClose}
      onSubmit={submit}
    >
      <Typography variant="body2">{action.text}</Typography>
      {asks.reason && (
        <ReasonInput
          id={`${id}-reason`}
          reason={form.reason}
          onReason={reason => change({ reason })}
          problem={problems?.reason}
        />
      )}
      {asks.expiry && (
        <ChoiceField
          id={`${id}-period`}
          label="For how long"
          value={form.period}
          onChange={period => change({ period })}
          options={lockPeriods}
        />
      )}
      {asks.expiry && form.period === 'custom' && (
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
      {confirmAsked && (
        <TextInput
          required
          id={`${id}-confirm`}
          label="Confirmation"
          size="small"
          autoComplete="off"
          value={form.confirm}
          onChange={event => change({ confirm: event.target.value })}
          helperText="Type the word that is asked for below"
          inputProps={{ spellCheck: false, autoCapitalize: 'off' }}
        />
      )}
      {error && (
        <ActionFailure
          entityRef={entityRef}
          environment={environment}
          what={action.failed}
          error={error}
          onLeave={onClose}
        />
      )}
    </FormDialog>
  );
}
