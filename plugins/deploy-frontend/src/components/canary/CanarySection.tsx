import { Link } from '@backstage/core-components';
import { useEntityRefLink } from '@backstage/plugin-catalog-react';
import { makeStyles, Theme } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { Canary, Promotion } from '@vvp/backstage-plugin-deploy-common';
import { useId, useState } from 'react';
import {
  canaryAlarm,
  canaryStatus,
  canaryText,
  isCanaryOver,
  spokenCanary,
} from '../../logic/canary';
import { rollbackUrl } from '../../logic/links';
import { serviceName } from '../../logic/promotions';
import { Tone } from '../../logic/status';
import { RefText, toneColor, VisuallyHidden } from '../common';
import { AbortDialog } from './AbortDialog';
import { CanaryActions } from './CanaryActions';
import { CanaryFacts } from './CanaryFacts';
import { CanaryLabel } from './CanaryLabel';
import { ContinueDialog } from './ContinueDialog';
import { TrafficBar } from './TrafficBar';

const dialogs = { continue: ContinueDialog, abort: AbortDialog };

const useStyles = makeStyles<Theme, { tone: Tone; over: boolean }>(theme => ({
  root: {
    display: 'grid',
    gap: theme.spacing(2),
    padding: theme.spacing(2),
    borderRadius: theme.shape.borderRadius,
    border: `1px solid ${theme.palette.divider}`,
    borderLeft: ({ tone }) => `4px solid ${toneColor(theme, tone)}`,
    color: theme.palette.text.primary,
    '& > *': { minWidth: 0 },
    [theme.breakpoints.down('xs')]: { padding: theme.spacing(1.5) },
  },
  heading: {
    fontSize: ({ over }) => (over ? '1rem' : '1.125rem'),
    lineHeight: 1.4,
  },
  alarm: { fontWeight: 600, color: ({ tone }) => toneColor(theme, tone) },
  text: { overflowWrap: 'anywhere' },
  link: { textDecoration: 'underline', justifySelf: 'start' },
  notes: {
    margin: 0,
    paddingLeft: theme.spacing(2.5),
    fontSize: '0.875rem',
    overflowWrap: 'anywhere',
  },
}));

/**
 * The canary of a promotion: its share of the traffic, its watch, its errors, and the buttons that move it.
 * Nothing where there is none.
 *
 * @internal
 */
export function CanarySection(props: {
  promotion: Promotion;
  /** As the backend answered to a move. */
  onChanged(promotion: Promotion): void;
  /** What is shown may be out of date. */
  onStale(): void;
}) {
  const { canary } = props.promotion;
  // Where there is none, nothing is asked either.
  return canary ? <Shown {...props} canary={canary} /> : null;
}

function Shown(props: {
  promotion: Promotion;
  canary: Canary;
  onChanged(promotion: Promotion): void;
  onStale(): void;
}) {
  const { promotion, canary, onChanged, onStale } = props;
  const { entityRef } = promotion;
  const id = useId();
  const entityLink = useEntityRefLink();
  const [asked, setAsked] = useState<keyof typeof dialogs>();
  const { phase, notes } = canary;
  const { tone } = canaryStatus(canary);
  const alarm = canaryAlarm(canary);
  const over = isCanaryOver(canary);
  const classes = useStyles({ tone, over });
  const Dialog = asked && dialogs[asked];
  return (
    <section className={classes.root} aria-labelledby={`${id}-title`}>
      <div>
        <Typography
          className={classes.heading}
          component="h3"
          id={`${id}-title`}
        >
          <CanaryLabel canary={canary} />
        </Typography>
        {alarm && (
          <Typography className={classes.alarm} variant="body2">
            {alarm.text}
          </Typography>
        )}
        <Typography className={classes.text} variant="body2">
          {canaryText(canary)}
        </Typography>
      </div>
      <VisuallyHidden>
        <span role={phase === 'failed' ? 'alert' : 'status'}>
          {spokenCanary(canary)}
        </span>
      </VisuallyHidden>
      {notes.length > 0 && (
        <ul className={classes.notes} aria-label="Notes on the canary">
          {notes.map(note => (
            <li key={note}>
              <RefText text={note} />
            </li>
          ))}
        </ul>
      )}
      {phase === 'failed' && (
        <Link
          className={classes.link}
          to={rollbackUrl(String(entityLink(entityRef)))}
        >
          To the rollback of {serviceName(entityRef)}
        </Link>
      )}
      <TrafficBar canary={canary} tone={tone} />
      <CanaryFacts canary={canary} entityRef={entityRef} />
      {!over && (
        <CanaryActions
          promotion={promotion}
          onAsk={setAsked}
          onChanged={onChanged}
          onStale={onStale}
        />
      )}
      {Dialog && (
        <Dialog
          promotion={promotion}
          canary={canary}
          onClose={() => {
            setAsked(undefined);
            onStale();
          }}
          onDone={changed => {
            setAsked(undefined);
            onChanged(changed);
          }}
        />
      )}
    </section>
  );
}
