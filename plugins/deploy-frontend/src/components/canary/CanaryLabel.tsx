import SvgIcon from '@material-ui/core/SvgIcon';
import CheckCircleIcon from '@material-ui/icons/CheckCircle';
import ErrorIcon from '@material-ui/icons/Error';
import PauseCircleFilledIcon from '@material-ui/icons/PauseCircleFilled';
import SyncIcon from '@material-ui/icons/Sync';
import UndoIcon from '@material-ui/icons/Undo';
import VisibilityIcon from '@material-ui/icons/Visibility';
import { Canary, CanaryPhase } from '@vvp/backstage-plugin-deploy-common';
import { canaryStatus } from '../../logic/canary';
import { ToneLabel } from '../common';

const icons: Record<CanaryPhase, typeof SvgIcon> = {
  starting: SyncIcon,
  watching: VisibilityIcon,
  paused: PauseCircleFilledIcon,
  continuing: SyncIcon,
  aborting: SyncIcon,
  done: CheckCircleIcon,
  aborted: UndoIcon,
  failed: ErrorIcon,
};

/**
 * Where a canary stands, as sign and word; in the colour of an alarm where it is about to fail.
 *
 * @internal
 */
export function CanaryLabel(props: {
  canary: Pick<Canary, 'phase' | 'errors' | 'settings' | 'health'>;
}) {
  const { canary } = props;
  const { phase } = canary;
  return (
    <ToneLabel
      text={canaryStatus(canary)}
      icon={icons[phase]}
      turning={icons[phase] === SyncIcon}
    />
  );
}
