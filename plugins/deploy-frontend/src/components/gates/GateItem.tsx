import Button from '@material-ui/core/Button';
import { makeStyles, Theme } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import {
  GateResult,
  GateState,
  GateSummary,
} from '@vvp/backstage-plugin-deploy-common';
import {
  actualText,
  canBeWaived,
  gateTexts,
  thresholdText,
} from '../../logic/gates';
import { mutedColor, RefText, toneColor } from '../common';
import { GateChecks } from './GateChecks';
import { GateFacts } from './GateFacts';
import { GateStateLabel } from './GateStateLabel';
import { WaiverLine } from './WaiverLine';

const useStyles = makeStyles<Theme, { state: GateState }>(theme => ({
  root: {
    padding: theme.spacing(1.5),
    border: `1px solid ${theme.palette.divider}`,
    borderLeft: ({ state }) =>
      `4px solid ${toneColor(theme, gateTexts[state].tone)}`,
    borderRadius: theme.shape.borderRadius,
    color: theme.palette.text.primary,
    fontSize: '0.875rem',
    overflowWrap: 'anywhere',
  },
  head: {
    display: 'flex',
    flexWrap: 'wrap',
    justifyContent: 'space-between',
    gap: theme.spacing(0.5, 1.5),
  },
  title: { fontSize: '0.9375rem', fontWeight: 600, minWidth: 0 },
  numbers: {
    margin: theme.spacing(0.5, 0),
    fontSize: '0.9375rem',
    fontVariantNumeric: 'tabular-nums',
  },
  actual: { fontWeight: 600 },
  asked: { color: mutedColor(theme) },
  waive: { marginTop: theme.spacing(1), textTransform: 'none' },
}));

/**
 * One gate: how it stands, why, on what it was measured, and who let a release through.
 *
 * @internal
 */
export function GateItem(props: {
  entityRef: string;
  result: GateResult;
  release: GateSummary['release'];
  /** Absent where the user may not. */
  onWaive?(): void;
}) {
  const { entityRef, result, release, onWaive } = props;
  const { title, state, reason, checks, waiver } = result;
  const classes = useStyles({ state });
  const actual = actualText(result);
  const threshold = thresholdText(result);
  return (
    <div className={classes.root}>
      <div className={classes.head}>
        <Typography className={classes.title} component="h4">
          {title}
        </Typography>
        <GateStateLabel state={state} />
      </div>
      <div>
        <RefText text={reason} />
      </div>
      {(actual || threshold) && (
        <div className={classes.numbers}>
          {actual && (
            <span>
              Measured <span className={classes.actual}>{actual}</span>
            </span>
          )}
          {threshold && (
            <span className={classes.asked}>
              {actual ? ', asked ' : 'Asked '}
              {threshold}
            </span>
          )}
        </div>
      )}
      {checks.length > 1 && <GateChecks checks={checks} />}
      <GateFacts entityRef={entityRef} result={result} release={release} />
      {waiver && <WaiverLine waiver={waiver} active={state === 'waived'} />}
      {onWaive && canBeWaived(result) && (
        <Button
          className={classes.waive}
          size="small"
          variant="outlined"
          aria-haspopup="dialog"
          aria-label={`Waive the gate ${title}`}
          onClick={onWaive}
        >
          Waive…
        </Button>
      )}
    </div>
  );
}
