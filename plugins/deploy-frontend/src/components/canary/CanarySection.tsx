import { makeStyles, Theme } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { Promotion } from '@vvp/backstage-plugin-deploy-common';
import { useId, useState } from 'react';
import {
  canaryText,
  canaryTexts,
  isCanaryOver,
  spokenCanary,
} from '../../logic/canary';
import { Tone } from '../../logic/status';
import { mutedColor, RefText, toneColor, VisuallyHidden } from '../common';
import { AbortDialog } from './AbortDialog';
import { CanaryActions } from './CanaryActions';
import { CanaryFacts } from './CanaryFacts';
import { CanaryLabel } from './CanaryLabel';
import { TrafficBar } from './TrafficBar';

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
  text: { overflowWrap: 'anywhere' },
  notes: {
    margin: 0,
    paddingLeft: theme.spacing(2.5),
    fontSize: '0.875rem',
    overflowWrap: 'anywhere',
  },
  rule: { color: mutedColor(theme), fontSize: '0.8125rem' },
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
  const { promotion, onChanged, onStale } = props;
  const { canary, entityRef } = promotion;
  const id = useId();
  const [aborting, setAborting] = useState(false);
  const phase = canary?.phase ?? 'done';
  const { tone } = canaryTexts[phase];
  const over = isCanaryOver({ phase });
  const classes = useStyles({ tone, over });
  if (!canary) {
    return null;
  }
  return (
    <section className={classes.root} aria-labelledby={`${id}-title`}>
      <div>
        <Typography
          className={classes.heading}
          component="h3"
          id={`${id}-title`}
        >
          <CanaryLabel phase={phase} />
        </Typography>
        <Typography className={classes.text} variant="body2">
          {canaryText(canary)}
        </Typography>
      </div>
      <VisuallyHidden>
        <span role={phase === 'failed' ? 'alert' : 'status'}>
          {spokenCanary(canary)}
        </span>
      </VisuallyHidden>
      {canary.notes.length > 0 && (
        <ul className={classes.notes} aria-label="Notes on the canary">
          {canary.notes.map(note => (
            <li key={note}>
              <RefText text={note} />
            </li>
          ))}
        </ul>
      )}
      <TrafficBar canary={canary} tone={tone} />
      <CanaryFacts canary={canary} entityRef={entityRef} />
      {!over && (
        <CanaryActions
          promotion={promotion}
          onAbort={() => setAborting(true)}
          onChanged={onChanged}
          onStale={onStale}
        />
      )}
      {aborting && (
        <AbortDialog
          promotion={promotion}
          canary={canary}
          onClose={() => {
            setAborting(false);
            onStale();
          }}
          onDone={changed => {
            setAborting(false);
            onChanged(changed);
          }}
        />
      )}
    </section>
  );
}
