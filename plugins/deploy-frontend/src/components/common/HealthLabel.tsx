import SvgIcon from '@material-ui/core/SvgIcon';
import CheckCircleIcon from '@material-ui/icons/CheckCircle';
import ErrorIcon from '@material-ui/icons/Error';
import HelpIcon from '@material-ui/icons/Help';
import ReportProblemIcon from '@material-ui/icons/ReportProblem';
import { HealthState } from '@vvp/backstage-plugin-deploy-common';
import { healthTexts } from '../../logic/revisions';
import { ToneLabel } from './ToneLabel';

const icons: Record<HealthState, typeof SvgIcon> = {
  healthy: CheckCircleIcon,
  degraded: ReportProblemIcon,
  unhealthy: ErrorIcon,
  unknown: HelpIcon,
};

/**
 * How well something runs, as sign and word.
 *
 * @internal
 */
export function HealthLabel(props: { health: HealthState }) {
  return (
    <ToneLabel text={healthTexts[props.health]} icon={icons[props.health]} />
  );
}
