import { useSeconds } from '../../hooks/useNow';
import { secondsSince } from '../../logic/time';
import { Took } from './Moment';

/**
 * How long something has been going on, ticking; or how long it took, once it is over.
 *
 * @internal
 */
export function Elapsed(props: { from: string; to?: string }) {
  const { from, to } = props;
  return to === undefined ? (
    <Ticking from={from} />
  ) : (
    <Took seconds={secondsSince(from, Date.parse(to))} />
  );
}

function Ticking(props: { from: string }) {
  return <Took seconds={secondsSince(props.from, useSeconds())} />;
}
