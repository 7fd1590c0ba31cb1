import { useApi } from '@backstage/core-plugin-api';
import Typography from '@material-ui/core/Typography';
import { useEffect, useId, useState } from 'react';
import { deployApiRef } from '../../api';
import { useStart } from '../../hooks/useStart';
import {
  ActionForm,
  ActionRequest,
  asksToConfirm,
  lockPeriods,
  readAction,
  wordToConfirm,
} from '../../logic/actions';
import {
  ChoiceField,
  ConfirmInput,
  FormDialog,
  ReasonInput,
  TextInput,
} from '../common';
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
  const [asked, setAsked] = useState<{ word?: string }>();
  const { start, busy, error } = useStart({
    send: async (request: ActionRequest, idempotencyKey) => {
      try {
        return await action.run(deployApi, request, idempotencyKey);
      } catch (thrown) {
        // The backend alone knows where a word has to be typed, and which.
        if (asksToConfirm(thrown)) {
          setAsked({ word: wordToConfirm(thrown) });
        }
        throw thrown;
      }
    },
    onDone,
  });
  const read = readAction(form, asks, Date.now());
  const problems = tried && !read.ok ? read : undefined;
  const change = (part: Partial<ActionForm>) => setForm({ ...form, ...part });

  const { word } = asked ?? {};
  useEffect(() => {
    // It was not there from the beginning: what comes next is to type it.
    if (word !== undefined) {
      document.getElementById(`${id}-confirm`)?.focus();
    }
  }, [word, id]);
  const isUnconfirmed = word !== undefined && form.confirm !== word;
  // To be asked for a word is no failure.
  const failure =
    word !== undefined && asksToConfirm(error) ? undefined : error;

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
      disabled={isUnconfirmed}
      hint={isUnconfirmed ? `Still to type: ${word}` : undefined}
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
      {word !== undefined && (
        <ConfirmInput
          id={`${id}-confirm`}
          word={word}
          typed={form.confirm}
          onTyped={confirm => change({ confirm })}
          hint="This changes production"
        />
      )}
      {asked && word === undefined && (
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
      {failure && (
        <ActionFailure
          entityRef={entityRef}
          environment={environment}
          what={action.failed}
          error={failure}
          onLeave={onClose}
        />
      )}
    </FormDialog>
  );
}
