import { makeStyles, Theme } from '@material-ui/core/styles';
import { Canary } from '@vvp/backstage-plugin-deploy-common';
import { percentText, trafficShares } from '../../logic/canary';
import { Tone } from '../../logic/status';
import { mutedColor, toneColor } from '../common';

const useStyles = makeStyles<Theme, { tone: Tone }>(theme => ({
  root: { display: 'grid', gap: theme.spacing(0.75) },
  bar: {
    display: 'flex',
    gap: 2,
    height: 14,
    borderRadius: 7,
    overflow: 'hidden',
    background: theme.palette.divider,
  },
  fresh: {
    background: ({ tone }) => toneColor(theme, tone),
    '@media (prefers-reduced-motion: no-preference)': {
      transition: 'flex-basis 400ms',
    },
  },
  stable: { flex: 1, background: mutedColor(theme), opacity: 0.55 },
  names: {
    display: 'flex',
    flexWrap: 'wrap',
    justifyContent: 'space-between',
    gap: theme.spacing(0.5, 3),
    margin: 0,
    fontSize: '0.875rem',
  },
  name: { minWidth: 0, overflowWrap: 'anywhere' },
  term: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(0.75),
    color: mutedColor(theme),
    '&::before': {
      content: '""',
      width: 10,
      height: 10,
      borderRadius: 2,
      flexShrink: 0,
    },
  },
  freshTerm: {
    '&::before': { background: ({ tone }) => toneColor(theme, tone) },
  },
  stableTerm: { '&::before': { background: mutedColor(theme), opacity: 0.55 } },
  value: { margin: 0 },
}));

/**
 * How the traffic is shared between the new revision and what ran before.
 *
 * @internal
 */
export function TrafficBar(props: { canary: Canary; tone: Tone }) {
  const { canary, tone } = props;
  const { revision, stable } = canary;
  const classes = useStyles({ tone });
  const shares = trafficShares(canary);
  return (
    <div className={classes.root}>
      {shares && (
        <div
          className={classes.bar}
          role="img"
          aria-label={`The new revision has ${percentText(
            shares.fresh,
          )} of the traffic, what ran before ${percentText(shares.stable)}`}
        >
          {shares.fresh > 0 && (
            <div
              className={classes.fresh}
              // A share is seen, however small it is.
              style={{ flexBasis: `${shares.fresh}%`, minWidth: 4 }}
            />
          )}
          {shares.stable > 0 && <div className={classes.stable} />}
        </div>
      )}
      <dl className={classes.names}>
        <div className={classes.name}>
          <dt className={`${classes.term} ${classes.freshTerm}`}>
            New{shares && `, ${percentText(shares.fresh)}`}
          </dt>
          <dd className={classes.value}>{revision ?? 'name not known'}</dd>
        </div>
        <div className={classes.name}>
          <dt className={`${classes.term} ${classes.stableTerm}`}>
            Before{shares && `, ${percentText(shares.stable)}`}
          </dt>
          <dd className={classes.value}>{stable ?? 'nothing else is there'}</dd>
        </div>
      </dl>
      {!shares && 'The platform does not tell how the traffic is shared.'}
    </div>
  );
}
