import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { GateResult, GateSummary } from '@vvp/backstage-plugin-deploy-common';
import { useState } from 'react';
import { mutedColor } from '../common';
import { GateItem } from './GateItem';
import { useMayWaive } from './useMayWaive';
import { WaiverDialog } from './WaiverDialog';

const useStyles = makeStyles(theme => ({
  list: {
    display: 'grid',
    gap: theme.spacing(1.5),
    listStyle: 'none',
    margin: 0,
    padding: 0,
  },
  nothing: { color: mutedColor(theme) },
}));

/**
 * Gates one by one, with what somebody may do about them.
 *
 * @internal
 */
export function GateList(props: {
  entityRef: string;
  environment: string;
  gates: GateSummary;
  onWaived(): void;
}) {
  const { entityRef, environment, gates, onWaived } = props;
  const classes = useStyles();
  const mayWaive = useMayWaive(entityRef, environment);
  const [asked, setAsked] = useState<GateResult>();
  if (gates.results.length === 0) {
    return (
      <Typography className={classes.nothing} variant="body2">
        No rule asks for anything before a release goes to {environment}.
      </Typography>
    );
  }
  return (
    <>
      <ul className={classes.list} aria-label={`Gates of ${environment}`}>
        {gates.results.map(result => (
          <li key={result.id}>
            <GateItem
              entityRef={entityRef}
              result={result}
              release={gates.release}
              onWaive={mayWaive ? () => setAsked(result) : undefined}
            />
          </li>
        ))}
      </ul>
      {asked && (
        <WaiverDialog
          gate={asked}
          release={gates.release}
          onClose={() => setAsked(undefined)}
          onWaived={() => {
            setAsked(undefined);
            onWaived();
          }}
        />
      )}
    </>
  );
}
