import { useApi } from '@backstage/core-plugin-api';
import Checkbox from '@material-ui/core/Checkbox';
import FormControlLabel from '@material-ui/core/FormControlLabel';
import FormGroup from '@material-ui/core/FormGroup';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { Promotion } from '@vvp/backstage-plugin-deploy-common';
import { useId, useState } from 'react';
import { deployApiRef } from '../../api';
import { useRejection } from '../../hooks/useRejection';
import { useStart } from '../../hooks/useStart';
import {
  overridableConditions,
  reasonProblem,
  releaseName,
} from '../../logic/promotions';
import { nameRefs } from '../../logic/refs';
import { FormDialog, ReasonInput, TextInput } from '../common';
import { ActionFailure } from '../operations';

const useStyles = makeStyles(theme => ({
  choices: { color: theme.palette.text.primary },
}));

interface DecisionProps {
  promotion: Promotion;
  onClose(): void;
  onDone(promotion: Promotion): void;
}

/**
 * Turns a promotion away, with a comment.
 *
 * @internal
 */
export function RejectDialog(props: DecisionProps) {
  const { promotion, onClose, onDone } = props;
  const { environment, release, entityRef } = promotion;
  const reject = useRejection();
  const fieldId = useId();
  const [comment, setComment] = useState('');
  const { start, busy, error } = useStart({
    send: (text: string) => reject(promotion, text),
    onDone,
  });
  const missing = comment.trim() === '';
  return (
    <FormDialog
      title={`Reject ${releaseName(release)} for ${environment}?`}
      submitLabel="Reject"
      busyLabel="Rejecting…"
      busy={busy}
      disabled={missing}
      hint={missing ? 'Still to fill in: the comment.' : undefined}
      dirty={comment !== ''}
      onClose={onClose}
      onSubmit={() => start(comment.trim())}
    >
      <Typography variant="body2">
        The run that waits for it is told no. The release can be asked for
        again.
      </Typography>
      <TextInput
        required
        multiline
        minRows={2}
        id={`${fieldId}-comment`}
        label="Comment"
        value={comment}
        onChange={event => setComment(event.target.value)}
        helperText="Whoever asked for it reads this"
        inputProps={{ maxLength: 2000 }}
      />
      {error && (
        <ActionFailure
          entityRef={entityRef}
          environment={environment}
          what="It was not rejected"
          error={error}
          onLeave={onClose}
        />
      )}
    </FormDialog>
  );
}

/**
 * Takes a request back.
 *
 * @internal
 */
export function CancelPromotionDialog(props: DecisionProps) {
  const { promotion, onClose, onDone } = props;
  const { id, environment, release, entityRef } = promotion;
  const deployApi = useApi(deployApiRef);
  const fieldId = useId();
  const [comment, setComment] = useState('');
  const { start, busy, error } = useStart({
    send: (text: string) =>
      deployApi.cancelPromotion(id, text ? { comment: text } : {}),
    onDone,
  });
  return (
    <FormDialog
      title={`Take back the request for ${environment}?`}
      submitLabel="Take it back"
      busyLabel="Taking it back…"
      closeLabel="Leave it"
      busy={busy}
      onClose={onClose}
      onSubmit={() => start(comment.trim())}
    >
      <Typography variant="body2">
        {releaseName(release)} does not go into {environment}. Approvals that it
        has are lost.
      </Typography>
      <TextInput
        multiline
        id={`${fieldId}-comment`}
        label="Comment (optional)"
        value={comment}
        onChange={event => setComment(event.target.value)}
        inputProps={{ maxLength: 2000 }}
      />
      {error && (
        <ActionFailure
          entityRef={entityRef}
          environment={environment}
          what="It was not taken back"
          error={error}
          onLeave={onClose}
        />
      )}
    </FormDialog>
  );
}

/**
 * Lets chosen conditions pass, with a reason. Nothing is chosen beforehand.
 *
 * @internal
 */
export function OverrideDialog(props: DecisionProps) {
  const { promotion, onClose, onDone } = props;
  const { id, environment, release, entityRef } = promotion;
  const classes = useStyles();
  const deployApi = useApi(deployApiRef);
  const fieldId = useId();
  const [chosen, setChosen] = useState<string[]>([]);
  const [reason, setReason] = useState('');
  const { start, busy, error } = useStart({
    send: (request: { reason: string; conditions: string[] }) =>
      deployApi.overridePromotion(id, request),
    onDone,
  });
  const offered = overridableConditions(promotion);
  // What was met meanwhile is not passed over any more.
  const conditions = chosen.filter(each =>
    offered.some(condition => condition.id === each),
  );
  const reasonMissing = reasonProblem(reason);
  const missing =
    conditions.length === 0 ? 'Choose what to let pass.' : reasonMissing;
  const toggle = (conditionId: string, on: boolean) =>
    setChosen(
      on
        ? [...chosen, conditionId]
        : chosen.filter(each => each !== conditionId),
    );
  return (
    <FormDialog
      title={`Let conditions of ${environment} pass`}
      submitLabel="Let them pass"
      busyLabel="Letting them pass…"
      busy={busy}
      disabled={missing !== undefined}
      hint={missing}
      dirty={reason !== '' || chosen.length > 0}
      onClose={onClose}
      onSubmit={() => start({ reason: reason.trim(), conditions })}
    >
      <Typography variant="body2">
        What is chosen does not stand in the way of {releaseName(release)} any
        more. It is audited and stays in the history.
      </Typography>
      <FormGroup
        className={classes.choices}
        role="group"
        aria-label="Conditions to let pass"
      >
        {offered.map(condition => (
          <FormControlLabel
            key={condition.id}
            control={
              <Checkbox
                color="primary"
                checked={chosen.includes(condition.id)}
                onChange={event => toggle(condition.id, event.target.checked)}
              />
            }
            label={nameRefs(`${condition.title}: ${condition.reason}`)}
          />
        ))}
      </FormGroup>
      <ReasonInput
        id={`${fieldId}-reason`}
        reason={reason}
        onReason={setReason}
      />
      {error && (
        <ActionFailure
          entityRef={entityRef}
          environment={environment}
          what="Nothing was let pass"
          error={error}
          onLeave={onClose}
        />
      )}
    </FormDialog>
  );
}
