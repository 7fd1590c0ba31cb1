import { useApi } from '@backstage/core-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import { Canary, Promotion } from '@vvp/backstage-plugin-deploy-common';
import { useId, useState } from 'react';
import { deployApiRef } from '../../api';
import { useStart } from '../../hooks/useStart';
import {
  abortConfirmation,
  abortMissing,
  isCanaryOver,
} from '../../logic/canary';
import { releaseName, serviceName } from '../../logic/promotions';
import { ConfirmInput, FormDialog, ReasonInput } from '../common';
import { ActionFailure } from '../operations';

const useStyles = makeStyles(theme => ({
  what: {
    margin: 0,
    paddingLeft: theme.spacing(2.5),
    fontSize: '0.875rem',
    lineHeight: 1.6,
    color: theme.palette.text.primary,
  },
}));

/**
 * Ends a canary by a rollback: says what happens, asks why and, in production, for the name of the service.
 *
 * @internal
 */
export function AbortDialog(props: {
  promotion: Promotion;
  canary: Canary;
  onClose(): void;
  onDone(promotion: Promotion): void;
}) {
  const { promotion, canary, onClose, onDone } = props;
  const { id, entityRef, environment, release, tier } = promotion;
  const classes = useStyles();
  const deployApi = useApi(deployApiRef);
  const fieldId = useId();
  const [reason, setReason] = useState('');
  const [confirm, setConfirm] = useState('');
  const { start, busy, error } = useStart({
    send: (form: { reason: string; confirm?: string }) =>
      deployApi.abortPromotion(id, form),
    onDone,
  });
  const confirmation = abortConfirmation(tier, serviceName(entityRef));
  // It may end by itself while somebody types.
  const missing = isCanaryOver(canary)
    ? 'The canary is over: there is nothing to abort.'
    : abortMissing({ reason, confirm }, confirmation);
  return (
    <FormDialog
      title={`Abort the canary of ${releaseName(release)} in ${environment}?`}
      submitLabel="Abort and roll back"
      busyLabel="Aborting…"
      closeLabel="Let it go on"
      busy={busy}
      disabled={missing !== undefined}
      hint={missing}
      dirty={reason !== '' || confirm !== ''}
      onClose={onClose}
      onSubmit={() =>
        start({ reason: reason.trim(), ...(confirm && { confirm }) })
      }
    >
      <ul className={classes.what} aria-label="What will happen">
        <li>
          {canary.stable ?? 'What ran before'} gets all of the traffic of{' '}
          {environment} back, by a rollback.
        </li>
        <li>
          {releaseName(release)} is quarantined, and automatic promotion into{' '}
          {environment} is off until somebody lifts the hold.
        </li>
        <li>The promotion ends. The reason stays in its history.</li>
      </ul>
      <ReasonInput
        id={`${fieldId}-reason`}
        reason={reason}
        onReason={setReason}
      />
      {confirmation !== undefined && (
        <ConfirmInput
          id={`${fieldId}-confirm`}
          word={confirmation}
          typed={confirm}
          onTyped={setConfirm}
        />
      )}
      {error && (
        <ActionFailure
          entityRef={entityRef}
          environment={environment}
          what="The canary was not aborted"
          error={error}
          onLeave={onClose}
        />
      )}
    </FormDialog>
  );
}
