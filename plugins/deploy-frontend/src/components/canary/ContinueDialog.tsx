import { useApi } from '@backstage/core-plugin-api';
import { makeStyles, Theme } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { Canary, Promotion } from '@vvp/backstage-plugin-deploy-common';
import { useId, useState } from 'react';
import { deployApiRef } from '../../api';
import { useStart } from '../../hooks/useStart';
import { canaryErrors, isCanaryOver } from '../../logic/canary';
import { releaseName } from '../../logic/promotions';
import { Tone } from '../../logic/status';
import { FormDialog, HealthLabel, TextInput, toneColor } from '../common';
import { ActionFailure } from '../operations';

const useStyles = makeStyles<Theme, { tone: Tone }>(theme => ({
  stand: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(0.5, 2),
    fontSize: '0.875rem',
  },
  errors: { fontWeight: 600, color: ({ tone }) => toneColor(theme, tone) },
}));

/**
 * Gives a canary all of the traffic: says before how it stands, for only a rollback takes that back.
 *
 * @internal
 */
export function ContinueDialog(props: {
  promotion: Promotion;
  canary: Canary;
  onClose(): void;
  onDone(promotion: Promotion): void;
}) {
  const { promotion, canary, onClose, onDone } = props;
  const { id, entityRef, environment, release, mayContinue } = promotion;
  const errors = canaryErrors(canary);
  const classes = useStyles({ tone: errors.tone });
  const deployApi = useApi(deployApiRef);
  const fieldId = useId();
  const [comment, setComment] = useState('');
  const { start, busy, error } = useStart({
    send: (text: string) =>
      deployApi.continuePromotion(id, text ? { comment: text } : {}),
    onDone,
  });
  // It may end, or go on by itself, while somebody reads.
  const missing =
    isCanaryOver(canary) || !mayContinue?.allowed
      ? mayContinue?.why ?? 'The canary is over: there is nothing to continue.'
      : undefined;
  return (
    <FormDialog
      title={`Give ${releaseName(
        release,
      )} all of the traffic of ${environment}?`}
      submitLabel="Continue to 100 %"
      busyLabel="Continuing…"
      closeLabel="Not yet"
      busy={busy}
      disabled={missing !== undefined}
      hint={missing}
      dirty={comment !== ''}
      onClose={onClose}
      onSubmit={() => start(comment.trim())}
    >
      <div className={classes.stand} role="group" aria-label="How it stands">
        <HealthLabel health={canary.health.state} />
        <span className={classes.errors}>{errors.text}</span>
      </div>
      <Typography variant="body2">
        It gets all of it now, without the rest of the watch. Only a rollback
        takes that back.
      </Typography>
      <TextInput
        id={`${fieldId}-comment`}
        label="Comment (optional)"
        size="small"
        value={comment}
        onChange={event => setComment(event.target.value)}
        inputProps={{ maxLength: 2000 }}
      />
      {error && (
        <ActionFailure
          entityRef={entityRef}
          environment={environment}
          what="It was not continued"
          error={error}
          onLeave={onClose}
        />
      )}
    </FormDialog>
  );
}
