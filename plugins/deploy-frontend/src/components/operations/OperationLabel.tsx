import SvgIcon from '@material-ui/core/SvgIcon';
import BlockIcon from '@material-ui/icons/Block';
import CheckCircleIcon from '@material-ui/icons/CheckCircle';
import ErrorIcon from '@material-ui/icons/Error';
import PauseCircleFilledIcon from '@material-ui/icons/PauseCircleFilled';
import RadioButtonUncheckedIcon from '@material-ui/icons/RadioButtonUnchecked';
import ReportProblemIcon from '@material-ui/icons/ReportProblem';
import ScheduleIcon from '@material-ui/icons/Schedule';
import SkipNextIcon from '@material-ui/icons/SkipNext';
import SyncIcon from '@material-ui/icons/Sync';
import UndoIcon from '@material-ui/icons/Undo';
import {
  OperationStatus,
  StepStatus,
} from '@vvp/backstage-plugin-deploy-common';
import {
  AnyOperation,
  isUndoing,
  operationStatusText,
  stepTexts,
} from '../../logic/operations';
import { ToneIcon, ToneLabel } from '../common';

const operationIcons: Record<OperationStatus, typeof SvgIcon> = {
  queued: ScheduleIcon,
  running: SyncIcon,
  succeeded: CheckCircleIcon,
  failed: ErrorIcon,
  cancelled: BlockIcon,
};

const stepIcons: Record<StepStatus, typeof SvgIcon> = {
  pending: RadioButtonUncheckedIcon,
  running: SyncIcon,
  succeeded: CheckCircleIcon,
  failed: ErrorIcon,
  skipped: SkipNextIcon,
  compensated: UndoIcon,
};

/**
 * Where an operation stands, as sign and word.
 *
 * @internal
 */
export function OperationLabel(props: { operation: AnyOperation }) {
  const { operation } = props;
  const text = operationStatusText(operation);
  const turning = text.label === 'Running' || text.label === 'Undoing';
  return <ToneLabel text={text} icon={iconOf(operation)} turning={turning} />;
}

/**
 * Where a step stands, as a sign; always beside a word.
 *
 * @internal
 */
export function StepIcon(props: { status: StepStatus }) {
  const { status } = props;
  return (
    <ToneIcon
      tone={stepTexts[status].tone}
      icon={stepIcons[status]}
      turning={status === 'running'}
    />
  );
}

function iconOf(operation: AnyOperation): typeof SvgIcon {
  if (operation.outcome === 'unclear') {
    return ReportProblemIcon;
  }
  if (isUndoing(operation)) {
    return UndoIcon;
  }
  return operation.parked && operation.status === 'running'
    ? PauseCircleFilledIcon
    : operationIcons[operation.status];
}
