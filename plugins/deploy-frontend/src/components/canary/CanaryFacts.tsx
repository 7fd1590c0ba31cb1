import { Link } from '@backstage/core-components';
import { useEntityRefLink } from '@backstage/plugin-catalog-react';
import { makeStyles, Theme } from '@material-ui/core/styles';
import { Canary } from '@vvp/backstage-plugin-deploy-common';
import { ReactNode } from 'react';
import { canaryErrors, isCanaryOver } from '../../logic/canary';
import { rollbackUrl } from '../../logic/links';
import { instancesText } from '../../logic/revisions';
import { Tone } from '../../logic/status';
import {
  ExactMoment,
  HealthLabel,
  Moment,
  mutedColor,
  Person,
  Took,
  toneColor,
} from '../common';
import { useWatchLeft } from './useWatchLeft';

const useStyles = makeStyles<Theme, { tone: Tone }>(theme => ({
  facts: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(min(140px, 100%), 1fr))',
    gap: theme.spacing(1.5, 3),
    margin: 0,
  },
  fact: { minWidth: 0 },
  term: { color: mutedColor(theme), fontSize: '0.75rem' },
  value: { margin: 0, overflowWrap: 'anywhere' },
  aside: { color: mutedColor(theme), fontSize: '0.8125rem' },
  left: {
    fontSize: '1.25rem',
    fontWeight: 600,
    fontVariantNumeric: 'tabular-nums',
  },
  errors: { fontWeight: 600, color: ({ tone }) => toneColor(theme, tone) },
  link: { textDecoration: 'underline' },
}));

/**
 * What is known of a canary: time left, errors, health, where its steps are.
 *
 * @internal
 */
export function CanaryFacts(props: { canary: Canary; entityRef: string }) {
  const { canary, entityRef } = props;
  const { health, pausedBy, operationId, startedAt } = canary;
  const errors = canaryErrors(canary);
  const classes = useStyles({ tone: errors.tone });
  const entityLink = useEntityRefLink();
  const over = isCanaryOver(canary);
  const watched = canary.phase === 'watching' || canary.phase === 'paused';
  return (
    <dl className={classes.facts}>
      {watched && canary.watchSecondsLeft !== undefined && (
        <Fact term="Left of the watch">
          <TimeLeft canary={canary} />
        </Fact>
      )}
      <Fact term="Errors">
        <span className={classes.errors}>{errors.text}</span>
      </Fact>
      <Fact term="Health of the new revision">
        <HealthLabel health={health.state} />
        {instancesText(health) && (
          <div className={classes.aside}>{instancesText(health)}</div>
        )}
        {health.reason && <div className={classes.aside}>{health.reason}</div>}
      </Fact>
      {pausedBy && !over && (
        <Fact term="Paused by">
          <Person by={pausedBy} />
        </Fact>
      )}
      <Fact term="Began">
        <ExactMoment at={startedAt} />
      </Fact>
      {operationId && (
        <Fact term={over ? 'What moved it' : 'What moves it'}>
          <Link
            className={classes.link}
            to={rollbackUrl(String(entityLink(entityRef)), operationId)}
          >
            Steps and logs
          </Link>
        </Fact>
      )}
    </dl>
  );
}

function TimeLeft(props: { canary: Canary }) {
  const { canary } = props;
  const classes = useStyles({ tone: 'neutral' });
  const { left = 0, stands } = useWatchLeft(canary);
  return (
    <>
      <div className={classes.left} role="timer" aria-live="off">
        {left === 0 ? 'any moment now' : <Took seconds={left} />}
      </div>
      <div className={classes.aside}>
        of <Took seconds={canary.settings.minutes * 60} />
        {canary.phase === 'paused' && ', stands still'}
        {stands && (
          <>
            , stands still: looked at <Moment at={canary.lookedAt} />
          </>
        )}
      </div>
    </>
  );
}

function Fact(props: { term: string; children: ReactNode }) {
  const classes = useStyles({ tone: 'neutral' });
  return (
    <div className={classes.fact}>
      <dt className={classes.term}>{props.term}</dt>
      <dd className={classes.value}>{props.children}</dd>
    </div>
  );
}
