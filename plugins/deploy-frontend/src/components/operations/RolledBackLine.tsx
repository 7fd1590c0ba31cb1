import { Link } from '@backstage/core-components';
import { useEntityRefLink } from '@backstage/plugin-catalog-react';
import { makeStyles } from '@material-ui/core/styles';
import { RolledBack } from '@vvp/backstage-plugin-deploy-common';
import { rollbackUrl } from '../../logic/links';
import { Moment, Person, Took } from '../common';

const useStyles = makeStyles(theme => ({
  root: {
    color: theme.palette.text.primary,
    fontSize: '0.8125rem',
    lineHeight: 1.5,
    overflowWrap: 'anywhere',
  },
  link: { textDecoration: 'underline' },
}));

/**
 * Who took a release out again, why, and for how long it was bad.
 *
 * @internal
 */
export function RolledBackLine(props: {
  entityRef: string;
  rolledBack: RolledBack;
}) {
  const { entityRef, rolledBack } = props;
  const { automatic, by, at, reason, badForSeconds, operationId } = rolledBack;
  const classes = useStyles();
  const entityLink = useEntityRefLink();
  return (
    <div className={classes.root}>
      <Link
        className={classes.link}
        to={rollbackUrl(String(entityLink(entityRef)), operationId)}
      >
        Rolled back
      </Link>{' '}
      {automatic ? (
        'automatically'
      ) : (
        <>
          by <Person by={by} />
        </>
      )}{' '}
      <Moment at={at} />
      {badForSeconds !== undefined && (
        <>
          , bad for <Took seconds={badForSeconds} />
        </>
      )}
      : “{reason}”
    </div>
  );
}
