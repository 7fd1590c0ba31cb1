import Button from '@material-ui/core/Button';
import { makeStyles, Theme } from '@material-ui/core/styles';
import { GateState, GateSummary } from '@vvp/backstage-plugin-deploy-common';
import { useState } from 'react';
import { gatesText, gateTexts } from '../../logic/gates';
import { shortCommit } from '../../logic/links';
import { toneColor } from '../common';
import { GatePanel } from './GatePanel';
import { GateStateIcon } from './GateStateLabel';

const useStyles = makeStyles<Theme, { state: GateState }>(theme => ({
  chip: {
    maxWidth: '100%',
    minHeight: 26,
    padding: theme.spacing(0, 1.25),
    border: ({ state }) =>
      `1px solid ${toneColor(theme, gateTexts[state].tone)}`,
    borderRadius: 13,
    color: ({ state }) => toneColor(theme, gateTexts[state].tone),
    fontSize: '0.8125rem',
    fontWeight: 600,
    lineHeight: 1.5,
    textAlign: 'start',
    textTransform: 'none',
  },
  text: { marginLeft: theme.spacing(0.75) },
}));

/**
 * How the gates between a release and an environment stand; opens to all of them.
 *
 * @internal
 */
export function GateChip(props: {
  entityRef: string;
  environment: string;
  gates: GateSummary;
  /** Somebody let the release through a gate. */
  onWaived(): void;
}) {
  const { entityRef, environment, gates, onWaived } = props;
  const classes = useStyles({ state: gates.state });
  const [open, setOpen] = useState(false);
  const text = gatesText(gates);
  return (
    <>
      <Button
        className={classes.chip}
        size="small"
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-label={`${text} for ${shortCommit(
          gates.release.commit,
        )} in ${environment}: show the gates`}
        onClick={() => setOpen(true)}
      >
        <GateStateIcon state={gates.state} />
        <span className={classes.text}>{text}</span>
      </Button>
      <GatePanel
        entityRef={entityRef}
        environment={environment}
        gates={gates}
        open={open}
        onClose={() => setOpen(false)}
        onWaived={onWaived}
      />
    </>
  );
}
