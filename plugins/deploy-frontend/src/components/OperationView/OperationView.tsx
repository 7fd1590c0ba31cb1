import { EntityInfoCard } from '@backstage/plugin-catalog-react';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import ArrowBackIcon from '@material-ui/icons/ArrowBack';
import HelpIcon from '@material-ui/icons/Help';
import {
  deployReadPermission,
  Operation,
} from '@vvp/backstage-plugin-deploy-common';
import { useEffect, useRef, useState } from 'react';
import { useOperation } from '../../hooks/useOperations';
import {
  canBeCancelled,
  currentStep,
  operationStatusText,
  operationTitles,
} from '../../logic/operations';
import { nameRefs } from '../../logic/refs';
import {
  LiveContent,
  Loading,
  NotAllowed,
  Notice,
  VisuallyHidden,
} from '../common';
import { OperationLabel } from '../operations';
import { CancelDialog } from './CancelDialog';
import { OperationBanner } from './OperationBanner';
import { OperationHead } from './OperationHead';
import { StepItem } from './StepItem';

const useStyles = makeStyles(theme => ({
  root: { display: 'grid', gap: theme.spacing(2), '& > *': { minWidth: 0 } },
  bar: { display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1) },
  button: { textTransform: 'none' },
  title: { overflowWrap: 'anywhere', whiteSpace: 'normal', outline: 'none' },
  content: {
    display: 'grid',
    gap: theme.spacing(2),
    color: theme.palette.text.primary,
    '& > *': { minWidth: 0 },
  },
  state: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: theme.spacing(1),
    fontSize: '1.125rem',
  },
  steps: {
    listStyle: 'none',
    margin: 0,
    padding: 0,
    borderTop: `1px solid ${theme.palette.divider}`,
  },
}));

/**
 * An operation as it goes: where it stands, its steps and what they write.
 *
 * @internal
 */
export function OperationView(props: {
  entityRef: string;
  id: string;
  onBack(): void;
}) {
  const { entityRef, id, onBack } = props;
  const classes = useStyles();
  const live = useOperation(entityRef, id);
  const { reload, update } = live;
  return (
    <div className={classes.root}>
      <div className={classes.bar}>
        <Button
          className={classes.button}
          size="small"
          color="primary"
          startIcon={<ArrowBackIcon />}
          onClick={onBack}
        >
          Back to the revisions
        </Button>
      </div>
      <LiveContent
        live={live}
        what="The operation"
        notAllowed={<NotAllowed what="this operation" />}
        unknown={
          <Notice
            tone="attention"
            role="status"
            icon={<HelpIcon aria-hidden />}
            title="This service has no such operation"
          >
            <Typography variant="body2">
              Operations are kept with their service: check the address. To see
              those of an environment takes the permission{' '}
              <code>{deployReadPermission.name}</code> for it.
            </Typography>
          </Notice>
        }
        loading={<Loading what="the operation" />}
        // Another service's operation is none of this page.
        belongs={value => value.entityRef === entityRef}
      >
        {value => (
          <Shown
            operation={value}
            onChanged={operation => {
              update(id, () => operation);
              reload();
            }}
          />
        )}
      </LiveContent>
    </div>
  );
}

function Shown(props: {
  operation: Operation;
  onChanged(operation: Operation): void;
}) {
  const { operation, onChanged } = props;
  const { kind, environment, steps } = operation;
  const classes = useStyles();
  const [cancelling, setCancelling] = useState(false);
  const title = useRef<HTMLSpanElement>(null);
  const stoppable = canBeCancelled(operation);
  useEffect(() => {
    // After a dialog has sent one here, what is read next is this.
    title.current?.focus();
  }, []);
  useEffect(() => {
    // The button that had the focus is gone.
    if (!stoppable && document.activeElement === document.body) {
      title.current?.focus({ preventScroll: true });
    }
  }, [stoppable]);
  return (
    <EntityInfoCard
      title={
        <span className={classes.title} ref={title} tabIndex={-1}>
          {operationTitles[kind]} · {environment}
        </span>
      }
    >
      <div className={classes.content}>
        <div className={classes.state}>
          <OperationLabel operation={operation} />
          {stoppable && (
            <Button
              className={classes.button}
              variant="outlined"
              onClick={() => setCancelling(true)}
            >
              Stop and undo…
            </Button>
          )}
        </div>
        <VisuallyHidden>
          <span role="status">{spokenState(operation)}</span>
        </VisuallyHidden>
        <OperationBanner operation={operation} />
        <OperationHead operation={operation} />
        {steps.length > 0 && (
          <ol className={classes.steps} aria-label="Steps">
            {steps.map(step => (
              <StepItem key={step.name} step={step} />
            ))}
          </ol>
        )}
      </div>
      {cancelling && stoppable && (
        <CancelDialog
          operation={operation}
          onClose={() => setCancelling(false)}
          onCancelled={changed => {
            setCancelling(false);
            onChanged(changed);
          }}
        />
      )}
    </EntityInfoCard>
  );
}

/** For those who listen: only what changes from step to step, not every second. */
function spokenState(operation: Operation): string {
  const step = currentStep(operation.steps);
  const { label } = operationStatusText(operation);
  return step ? `${label}: ${nameRefs(step.title)}` : label;
}
