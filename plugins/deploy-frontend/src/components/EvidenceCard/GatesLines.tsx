import { Link } from '@backstage/core-components';
import { makeStyles } from '@material-ui/core/styles';
import { EnvironmentOverview } from '@vvp/backstage-plugin-deploy-common';
import { gatesText } from '../../logic/gates';
import { GateStateIcon } from '../gates';

const useStyles = makeStyles(theme => ({
  line: { display: 'flex', gap: theme.spacing(0.75), minWidth: 0 },
  sign: { paddingTop: '0.1em' },
}));

/**
 * How the gates of every environment stand that has any.
 *
 * @internal
 */
export function GatesLines(props: {
  environments: EnvironmentOverview[];
  entityUrl: string;
}) {
  const { environments, entityUrl } = props;
  const classes = useStyles();
  const gated = [...environments]
    .sort((left, right) => left.order - right.order)
    .flatMap(({ name, gates }) =>
      gates && gates.state !== 'none' ? [{ name, gates }] : [],
    );
  if (gated.length === 0) {
    return null;
  }
  return (
    <>
      <dt>Gates</dt>
      <dd>
        {gated.map(({ name, gates }) => (
          <div className={classes.line} key={name}>
            <span className={classes.sign}>
              <GateStateIcon state={gates.state} />
            </span>
            <span>
              {gatesText(gates)} in{' '}
              <Link to={`${entityUrl}/deployments`}>{name}</Link>
            </span>
          </div>
        ))}
      </dd>
    </>
  );
}
