import { Link } from '@backstage/core-components';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import AcUnitIcon from '@material-ui/icons/AcUnit';
import { EnvironmentOverview } from '@vvp/backstage-plugin-deploy-common';
import { useNow } from '../../hooks/useNow';
import {
  allowsText,
  freezeSetter,
  frozenText,
  groupFreezes,
} from '../../logic/freezes';
import { freezesPath } from '../../logic/links';
import { ExactMoment, Notice } from '../common';

const useStyles = makeStyles(theme => ({
  root: { display: 'grid', gap: theme.spacing(1) },
  reason: { whiteSpace: 'pre-wrap' },
  link: { textDecoration: 'underline' },
}));

/**
 * Says which environments of a service are frozen, until when, why, and what is let through.
 *
 * @internal
 */
export function FreezeBanner(props: {
  environments: readonly EnvironmentOverview[];
}) {
  const classes = useStyles();
  const now = useNow();
  const groups = groupFreezes(props.environments);
  if (groups.length === 0) {
    return null;
  }
  return (
    <div className={classes.root}>
      {groups.map(({ freeze, environments }) => (
        <Notice
          key={`${freeze.id} ${freeze.nextOpen}`}
          tone="attention"
          role="status"
          icon={<AcUnitIcon aria-hidden />}
          title={frozenText(environments, freeze, now, navigator.language)}
        >
          <Typography variant="body2" className={classes.reason}>
            {freeze.reason}
          </Typography>
          <Typography variant="body2">
            {allowsText(freeze.allows)} Opens{' '}
            <ExactMoment at={freeze.nextOpen} />, set by{' '}
            {freezeSetter(freeze.by)}.{' '}
            <Link className={classes.link} to={freezesPath}>
              All freezes
            </Link>
          </Typography>
          <NotHeld
            environments={props.environments.filter(
              ({ name, enforced }) => !enforced && environments.includes(name),
            )}
          />
        </Notice>
      ))}
    </div>
  );
}

/** A freeze is for what asks the portal. */
function NotHeld(props: { environments: readonly EnvironmentOverview[] }) {
  const names = props.environments.map(({ name }) => name).join(' and ');
  return names === '' ? null : (
    <Typography variant="body2">
      Nothing holds the pipeline at {names}: what it deploys goes in all the
      same.
    </Typography>
  );
}
