import Tooltip from '@material-ui/core/Tooltip';
import { useNow } from '../../hooks/useNow';
import {
  absoluteTime,
  durationText,
  relativeTime,
  secondsSince,
  weekdayTime,
} from '../../logic/time';

/**
 * How long ago, with the exact time on hover.
 *
 * @internal
 */
export function Moment(props: { at: string }) {
  const now = useNow();
  const locale = userLocale();
  return (
    <Tooltip title={absoluteTime(props.at, locale)}>
      <time dateTime={props.at}>{relativeTime(props.at, now, locale)}</time>
    </Tooltip>
  );
}

/**
 * Exact date, time and zone.
 *
 * @internal
 */
export function ExactMoment(props: { at: string }) {
  return (
    <time dateTime={props.at}>{absoluteTime(props.at, userLocale())}</time>
  );
}

/**
 * Day of the week, date and time, for what somebody plans by.
 *
 * @internal
 */
export function WeekdayMoment(props: { at: string }) {
  return <time dateTime={props.at}>{weekdayTime(props.at, userLocale())}</time>;
}

/**
 * How long something took.
 *
 * @internal
 */
export function Took(props: { seconds: number }) {
  return <>{durationText(props.seconds, userLocale())}</>;
}

/**
 * How long something has been running.
 *
 * @internal
 */
export function RunningFor(props: { since: string }) {
  const now = useNow();
  return <>{durationText(secondsSince(props.since, now), userLocale())}</>;
}

function userLocale(): string | undefined {
  return typeof navigator === 'undefined' ? undefined : navigator.language;
}
