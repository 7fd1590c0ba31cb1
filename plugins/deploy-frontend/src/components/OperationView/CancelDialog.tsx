import { useApi } from '@backstage/core-plugin-api';
import Typography from '@material-ui/core/Typography';
import { Operation } from '@vvp/backstage-plugin-deploy-common';
import { deployApiRef } from '../../api';
import { useStart } from '../../hooks/useStart';
import { cancelText, operationTitles } from '../../logic/operations';
import { FormDialog } from '../common';
import { ActionFailure } from '../operations';

/**
 * Says what stopping an operation does, and asks for it.
 *
 * @internal
 */
export function CancelDialog(props: {
  operation: Operation;
  onClose(): void;
  onCancelled(operation: Operation): void;
}) {
  const { operation, onClose, onCancelled } = props;
  const { entityRef, environment, kind, id } = operation;
  const deployApi = useApi(deployApiRef);
  const { start, busy, error } = useStart({
    send: () => deployApi.cancelOperation(id),
    onDone: onCancelled,
  });
  return (
    <FormDialog
      title={`Stop the ${operationTitles[kind].toLocaleLowerCase(
        'en',
      )} of ${environment}?`}
      submitLabel="Stop it"
      busyLabel="Stopping…"
      closeLabel="Let it go on"
      busy={busy}
      onClose={onClose}
      onSubmit={() => start(undefined)}
    >
      <Typography variant="body2">{cancelText(operation)}</Typography>
      {error && (
        <ActionFailure
          entityRef={entityRef}
          environment={environment}
          what="It was not stopped"
          error={error}
        />
      )}
    </FormDialog>
  );
}
