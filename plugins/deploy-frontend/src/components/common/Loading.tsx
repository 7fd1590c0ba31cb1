import Skeleton from '@material-ui/lab/Skeleton';

/**
 * A heading and a card that are not there yet.
 *
 * @internal
 */
export function Loading(props: { what: string }) {
  return (
    <div role="status" aria-label={`Loading ${props.what}`}>
      <Skeleton variant="text" width="40%" height={40} />
      <Skeleton variant="rect" height={240} />
    </div>
  );
}
