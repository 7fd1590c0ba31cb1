import SvgIcon from '@material-ui/core/SvgIcon';
import BlockIcon from '@material-ui/icons/Block';
import CheckCircleIcon from '@material-ui/icons/CheckCircle';
import ErrorIcon from '@material-ui/icons/Error';
import HowToRegIcon from '@material-ui/icons/HowToReg';
import PauseCircleFilledIcon from '@material-ui/icons/PauseCircleFilled';
import ScheduleIcon from '@material-ui/icons/Schedule';
import SwapHorizIcon from '@material-ui/icons/SwapHoriz';
import SyncIcon from '@material-ui/icons/Sync';
import TimerOffIcon from '@material-ui/icons/TimerOff';
import UndoIcon from '@material-ui/icons/Undo';
import { PromotionStatus } from '@vvp/backstage-plugin-deploy-common';
import { promotionTexts } from '../../logic/promotions';
import { ToneLabel } from '../common';

const icons: Record<PromotionStatus, typeof SvgIcon> = {
  gated: PauseCircleFilledIcon,
  awaiting_approval: HowToRegIcon,
  approved: ScheduleIcon,
  executing: SyncIcon,
  verifying: SyncIcon,
  succeeded: CheckCircleIcon,
  rejected: BlockIcon,
  failed: ErrorIcon,
  cancelled: BlockIcon,
  expired: TimerOffIcon,
  superseded: SwapHorizIcon,
  rolled_back: UndoIcon,
};

/**
 * Where a promotion stands, as sign and word.
 *
 * @internal
 */
export function PromotionLabel(props: { status: PromotionStatus }) {
  const { status } = props;
  return (
    <ToneLabel
      text={promotionTexts[status]}
      icon={icons[status]}
      turning={status === 'executing' || status === 'verifying'}
    />
  );
}
