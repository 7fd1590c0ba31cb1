import { makeStyles } from '@material-ui/core/styles';
import { GateCheck } from '@vvp/backstage-plugin-deploy-common';
import { gateTexts } from '../../logic/gates';
import { RefText, VisuallyHidden } from '../common';
import { GateStateIcon } from './GateStateLabel';

const useStyles = makeStyles(theme => ({
  list: {
    listStyle: 'none',
    margin: theme.spacing(0.75, 0),
    padding: 0,
    display: 'grid',
    gap: theme.spacing(0.5),
    fontSize: '0.8125rem',
  },
  check: { display: 'flex', gap: theme.spacing(0.75) },
}));

/**
 * What a rule of several parts asks for, part by part.
 *
 * @internal
 */
export function GateChecks(props: { checks: GateCheck[] }) {
  const classes = useStyles();
  return (
    <ul className={classes.list} aria-label="What the rule asks for">
      {props.checks.map(check => (
        <li className={classes.check} key={check.operator}>
          <GateStateIcon state={check.state} />
          <span>
            <VisuallyHidden>{gateTexts[check.state].label}: </VisuallyHidden>
            <RefText text={check.reason} />
          </span>
        </li>
      ))}
    </ul>
  );
}
