import { Link } from '@backstage/core-components';
import { useEntityRefLink } from '@backstage/plugin-catalog-react';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import BlockIcon from '@material-ui/icons/Block';
import { Refusal } from '@vvp/backstage-plugin-deploy-common';
import { rollbackUrl } from '../../logic/links';
import { ExactMoment, Moment, Notice, RefText } from '../common';

const useStyles = makeStyles(theme => ({
  list: { margin: 0, paddingLeft: theme.spacing(2.5) },
  item: { marginTop: theme.spacing(0.5) },
  link: { textDecoration: 'underline' },
}));

/**
 * Why a rollback is not let through, what to do about it, and who can.
 *
 * @internal
 */
export function Refusals(props: {
  entityRef: string;
  refusals: Refusal[];
  /** Id of the operation that runs or waits there. */
  running?: string;
  onLeave(): void;
}) {
  const { entityRef, refusals, running, onLeave } = props;
  const classes = useStyles();
  const entityLink = useEntityRefLink();
  return (
    <Notice
      tone="error"
      role="alert"
      icon={<BlockIcon aria-hidden />}
      title="This rollback is not let through"
    >
      <ul className={classes.list}>
        {refusals.map(refusal => (
          <li
            key={`${refusal.code} ${refusal.message}`}
            className={classes.item}
          >
            <Typography variant="body2" component="div">
              <RefText text={refusal.message} />
              {refusal.since && (
                <>
                  {' '}
                  (since <Moment at={refusal.since} />
                  {refusal.until && (
                    <>
                      , until <ExactMoment at={refusal.until} />
                    </>
                  )}
                  )
                </>
              )}{' '}
              {refusal.remedy && <RefText text={refusal.remedy} />}
              {refusal.clearedBy && !names(refusal, refusal.clearedBy) && (
                <>
                  {' '}
                  It takes the permission <code>{refusal.clearedBy}</code>.
                </>
              )}
              {refusal.overridable && (
                <>
                  {' '}
                  Whoever has the permission <code>deploy.override</code> may go
                  ahead all the same, with a reason.
                </>
              )}
              {refusal.code === 'operation-running' && running && (
                <>
                  {' '}
                  <Link
                    className={classes.link}
                    to={rollbackUrl(String(entityLink(entityRef)), running)}
                    onClick={onLeave}
                  >
                    Look at it
                  </Link>
                </>
              )}
            </Typography>
          </li>
        ))}
      </ul>
    </Notice>
  );
}

/** Whether a refusal says by itself which permission it takes. */
function names({ message, remedy = '' }: Refusal, permission: string): boolean {
  return `${message} ${remedy}`.includes(permission);
}
