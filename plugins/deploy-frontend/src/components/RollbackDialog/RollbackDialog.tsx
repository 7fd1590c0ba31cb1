import { useApi } from '@backstage/core-plugin-api';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import Skeleton from '@material-ui/lab/Skeleton';
import {
  EnvironmentOverview,
  RevisionEntry,
  RollbackPreview,
} from '@vvp/backstage-plugin-deploy-common';
import { useId, useState } from 'react';
import { deployApiRef } from '../../api';
import { LiveValue } from '../../hooks/useLiveValue';
import { useRollbackPreview } from '../../hooks/useOperations';
import { useServiceSignal } from '../../hooks/useRefresh';
import { useStart } from '../../hooks/useStart';
import { isOverridable, rollbackReady } from '../../logic/rollback';
import { ConfirmInput, FormDialog, LoadFailure, ReasonInput } from '../common';
import { ActionFailure } from '../operations';
import { OverrideFields } from './OverrideFields';
import { PreviewPanel } from './PreviewPanel';
import { RevisionChoice } from './RevisionChoice';
import { useMayOverride } from './useMayOverride';

const useStyles = makeStyles({
  button: { textTransform: 'none' },
});

interface RollbackDialogProps {
  entityRef: string;
  environment: EnvironmentOverview;
  entries: RevisionEntry[];
  /** The one whose button was pressed; otherwise nothing is chosen. */
  revision?: string;
  onClose(): void;
  onStarted(operationId: string): void;
}

/**
 * Puts an earlier revision back: choose, look at what it does, say why, confirm.
 *
 * @internal
 */
export function RollbackDialog(props: RollbackDialogProps) {
  const { environment, entries, onClose } = props;
  const [chosen, setChosen] = useState(props.revision);
  const [looking, setLooking] = useState(props.revision !== undefined);
  const [reason, setReason] = useState('');
  if (looking && chosen !== undefined) {
    return (
      <PreviewStep
        {...props}
        // Another revision is another rollback, with a key of its own.
        key={chosen}
        revision={chosen}
        reason={reason}
        onReason={setReason}
        onBack={() => setLooking(false)}
      />
    );
  }
  return (
    <FormDialog
      wide
      title={`Roll back ${environment.name}`}
      submitLabel="Look at it first"
      busyLabel=""
      busy={false}
      disabled={chosen === undefined}
      hint={
        chosen === undefined ? 'Choose a revision.' : 'Nothing is changed yet.'
      }
      onClose={onClose}
      onSubmit={() => setLooking(true)}
    >
      <RevisionChoice entries={entries} chosen={chosen} onChoose={setChosen} />
    </FormDialog>
  );
}

function PreviewStep(
  props: RollbackDialogProps & {
    revision: string;
    reason: string;
    onReason(reason: string): void;
    onBack(): void;
  },
) {
  const { entityRef, environment, revision, reason } = props;
  const { onReason, onBack, onClose, onStarted } = props;
  const classes = useStyles();
  const deployApi = useApi(deployApiRef);
  const id = useId();
  const [confirm, setConfirm] = useState('');
  const [override, setOverride] = useState<string>();
  const mayOverride = useMayOverride(entityRef, environment.name);
  const preview = useRollbackPreview(entityRef, environment.name, revision);
  useServiceSignal(entityRef, preview.reload);
  const { admission } = preview.value ?? {};
  const offersOverride =
    mayOverride && admission !== undefined && isOverridable(admission);
  const waives = offersOverride && override !== undefined;
  const { start, busy, error } = useStart({
    send: (typed: string, idempotencyKey) =>
      deployApi.rollBack(
        {
          entityRef,
          environment: environment.name,
          revision,
          reason: reason.trim(),
          ...(typed && { confirm: typed }),
          ...(waives && override && { override: override.trim() }),
        },
        { idempotencyKey },
      ),
    onDone: started => onStarted(started.id),
  });
  const state = rollbackReady(preview.value, {
    reason,
    confirm,
    ...(waives && { override }),
  });
  const { confirmation } = preview.value ?? {};
  const blocked =
    preview.value !== undefined &&
    ((!preview.value.admission.admitted && !waives) ||
      preview.value.alreadyThere);
  return (
    <FormDialog
      wide
      title={`Roll back ${environment.name}`}
      submitLabel="Roll back now"
      busyLabel="Starting…"
      busy={busy}
      disabled={!state.ready}
      hint={state.ready ? undefined : state.missing}
      dirty={reason !== '' || confirm !== '' || Boolean(override)}
      actions={
        <Button className={classes.button} onClick={onBack} disabled={busy}>
          Choose another
        </Button>
      }
      onClose={onClose}
      onSubmit={() => start(confirmation === undefined ? '' : confirm)}
    >
      <Preview
        preview={preview}
        running={environment.runningOperation?.id}
        onLeave={onClose}
      />
      {offersOverride && !preview.value?.alreadyThere && (
        <OverrideFields override={override} onOverride={setOverride} />
      )}
      {preview.value && !blocked && (
        <>
          <ReasonInput
            id={`${id}-reason`}
            reason={reason}
            onReason={onReason}
          />
          {confirmation !== undefined && (
            <ConfirmInput
              id={`${id}-confirm`}
              word={confirmation}
              typed={confirm}
              onTyped={setConfirm}
            />
          )}
        </>
      )}
      {error && (
        <ActionFailure
          entityRef={entityRef}
          environment={environment.name}
          what="The rollback was not started"
          error={error}
          onLeave={onClose}
        />
      )}
    </FormDialog>
  );
}

function Preview(props: {
  preview: LiveValue<RollbackPreview>;
  running?: string;
  onLeave(): void;
}) {
  const { value, error, busy, reload, loadedAt } = props.preview;
  return (
    <>
      {error && (
        <LoadFailure
          what="The preview"
          error={error}
          onRetry={reload}
          busy={busy}
          shownSince={loadedAt}
        />
      )}
      {!value && !error && (
        <div role="status" aria-label="Finding out what it would do">
          <Skeleton variant="text" width="60%" height={32} />
          <Skeleton variant="rect" height={160} />
        </div>
      )}
      {value && (
        <PreviewPanel
          preview={value}
          running={props.running}
          onLeave={props.onLeave}
        />
      )}
    </>
  );
}
