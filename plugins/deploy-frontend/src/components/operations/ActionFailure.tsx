import { Link } from '@backstage/core-components';
import { useEntityRefLink } from '@backstage/plugin-catalog-react';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { useEffect, useRef } from 'react';
import { useBlockingOperation } from '../../hooks/useBlockingOperation';
import { failureKind, failureMessage } from '../../logic/failure';
import { rollbackUrl } from '../../logic/links';
import { RefText, toneColor } from '../common';

const useStyles = makeStyles(theme => ({
  root: { color: toneColor(theme, 'error') },
  link: { textDecoration: 'underline' },
}));

const remedies = {
  'not-allowed': ' Ask the owner of the service to do it, or for the right to.',
  'not-found': '',
  conflict: '',
  'bad-input': '',
  other:
    ' It may have been received all the same: press the button again, it is done only once.',
};

/**
 * Why something was not done, and where to look at what stands in its way.
 *
 * @internal
 */
export function ActionFailure(props: {
  entityRef: string;
  environment: string;
  /** "The rollback was not started". */
  what: string;
  error: Error;
  onLeave?(): void;
}) {
  const { entityRef, environment, what, error, onLeave } = props;
  const classes = useStyles();
  const entityLink = useEntityRefLink();
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // The dialog may be longer than the screen.
    element.current?.scrollIntoView?.({ block: 'nearest' });
  }, [error]);
  const blocking = useBlockingOperation(entityRef, environment, error);
  return (
    <Typography
      className={classes.root}
      variant="body2"
      role="alert"
      component="div"
      ref={element}
    >
      {what}: <RefText text={failureMessage(error)} />
      {remedies[failureKind(error)]}
      {blocking && (
        <>
          {' '}
          <Link
            className={classes.link}
            to={rollbackUrl(String(entityLink(entityRef)), blocking)}
            onClick={onLeave}
          >
            Look at the operation under way
          </Link>
        </>
      )}
    </Typography>
  );
}
