import { EntityInfoCard } from '@backstage/plugin-catalog-react';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import ArrowBackIcon from '@material-ui/icons/ArrowBack';
import CheckCircleIcon from '@material-ui/icons/CheckCircle';
import ErrorIcon from '@material-ui/icons/Error';
import HelpIcon from '@material-ui/icons/Help';
import { Promotion } from '@vvp/backstage-plugin-deploy-common';
import { ReactNode, useEffect, useRef, useState } from 'react';
import { usePromotion } from '../../hooks/usePromotions';
import {
  isUndecided,
  promotionTexts,
  releaseName,
  serviceName,
  spokenPromotion,
} from '../../logic/promotions';
import { nameRefs } from '../../logic/refs';
import { CanarySection } from '../canary';
import {
  ExternalLink,
  LiveContent,
  Loading,
  mutedColor,
  NotAllowed,
  Notice,
  RefText,
  VisuallyHidden,
} from '../common';
import {
  ConfigurationChanges,
  PromotionHistory,
  PromotionLabel,
  ReadinessSummary,
  Voices,
} from '../promotions';
import { Decision } from './Decision';
import { Incoming } from './Incoming';
import { PromotionFacts } from './PromotionFacts';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'grid',
    gap: theme.spacing(2),
    minWidth: 0,
    '& > *': { minWidth: 0 },
    // The cards bring their own font; what stands in them goes along.
    '& [class*="Mui"]': { fontFamily: 'inherit' },
  },
  button: { textTransform: 'none', justifySelf: 'start' },
  title: { overflowWrap: 'anywhere', whiteSpace: 'normal', outline: 'none' },
  content: {
    display: 'grid',
    gap: theme.spacing(2.5),
    color: theme.palette.text.primary,
    '& > *': { minWidth: 0 },
  },
  state: { fontSize: '1.125rem' },
  meaning: { color: mutedColor(theme) },
  heading: {
    fontSize: '1rem',
    fontWeight: 600,
    marginBottom: theme.spacing(0.5),
  },
}));

/**
 * A promotion as it goes: what stands in its way, who approved, the buttons that decide it, its history.
 *
 * @internal
 */
export function PromotionPanel(props: {
  id: string;
  /** Of the page; another service's promotion is none of it. Absent on the page of all. */
  entityRef?: string;
  backLabel: string;
  onBack(): void;
}) {
  const { id, entityRef, backLabel, onBack } = props;
  const classes = useStyles();
  const live = usePromotion(id, entityRef);
  const { reload, update } = live;
  return (
    <div className={classes.root}>
      <Button
        className={classes.button}
        size="small"
        color="primary"
        startIcon={<ArrowBackIcon />}
        onClick={onBack}
      >
        {backLabel}
      </Button>
      <LiveContent
        live={live}
        what="The promotion"
        notAllowed={<NotAllowed what="this promotion" />}
        unknown={
          <Notice
            tone="attention"
            role="status"
            icon={<HelpIcon aria-hidden />}
            title="There is no such promotion here"
          >
            <Typography variant="body2">
              Promotions are kept with their service: check the address.
            </Typography>
          </Notice>
        }
        loading={<Loading what="the promotion" />}
        belongs={value =>
          entityRef === undefined || value.entityRef === entityRef
        }
      >
        {value => (
          <Shown
            promotion={value}
            onChanged={promotion => {
              update(id, () => promotion);
              reload();
            }}
            onStale={reload}
          />
        )}
      </LiveContent>
    </div>
  );
}

function Shown(props: {
  promotion: Promotion;
  onChanged(promotion: Promotion): void;
  onStale(): void;
}) {
  const { promotion, onChanged, onStale } = props;
  const { release, entityRef, environment, status } = promotion;
  const { readiness, events } = promotion;
  const classes = useStyles();
  const title = useRef<HTMLSpanElement>(null);
  const [decisions, setDecisions] = useState(0);
  useEffect(() => {
    // After a dialog has sent one here, or a button is gone with the decision, what is read next is this.
    title.current?.focus();
  }, [decisions]);
  return (
    <EntityInfoCard
      title={
        <span className={classes.title} ref={title} tabIndex={-1}>
          {releaseName(release)} of {serviceName(entityRef)} → {environment}
        </span>
      }
    >
      <div className={classes.content}>
        <div>
          <div className={classes.state}>
            <PromotionLabel status={status} />
          </div>
          {/* How it ended is told below, in its own words. */}
          {status !== 'succeeded' && !promotion.failure && (
            <Typography className={classes.meaning} variant="body2">
              {promotionTexts[status].meaning}.
            </Typography>
          )}
        </div>
        <VisuallyHidden>
          <span role="status">{spokenPromotion(promotion)}</span>
        </VisuallyHidden>
        <Outcome promotion={promotion} />
        {promotion.runStillWaits && <StillWaits promotion={promotion} />}
        <CanarySection
          promotion={promotion}
          onChanged={onChanged}
          onStale={onStale}
        />
        <PromotionFacts promotion={promotion} />
        {readiness && (
          <Part title="What stands in between">
            <ReadinessSummary readiness={readiness} />
          </Part>
        )}
        {isUndecided(promotion) && (
          <>
            <Part title="What comes in">
              <Incoming promotion={promotion} />
            </Part>
            <Part title="Configuration">
              <ConfigurationChanges
                place={{ entityRef, environment }}
                release={release.id}
              />
            </Part>
          </>
        )}
        <Part title="Approvals">
          <Voices promotion={promotion} />
        </Part>
        {(isUndecided(promotion) || promotion.needsGithubToken) && (
          <Decision
            promotion={promotion}
            onChanged={changed => {
              onChanged(changed);
              setDecisions(count => count + 1);
            }}
            onStale={onStale}
          />
        )}
        <Part title="History">
          <PromotionHistory events={events} />
        </Part>
      </div>
    </EntityInfoCard>
  );
}

function Outcome(props: { promotion: Promotion }) {
  const { status, failure, note, release, environment } = props.promotion;
  if (status === 'succeeded') {
    return (
      <Notice
        // What nobody judged is no success yet.
        tone={note ? 'attention' : 'success'}
        role="status"
        icon={note ? <HelpIcon aria-hidden /> : <CheckCircleIcon aria-hidden />}
        title={`${releaseName(release)} is live in ${environment}`}
      >
        {note && (
          <Typography variant="body2">
            <RefText text={note} />
          </Typography>
        )}
      </Notice>
    );
  }
  return failure ? (
    <Notice
      tone="error"
      role="alert"
      icon={<ErrorIcon aria-hidden />}
      title={nameRefs(failure.message)}
    >
      {failure.remedy && (
        <Typography variant="body2">
          What to do: <RefText text={failure.remedy} />
        </Typography>
      )}
    </Notice>
  ) : null;
}

/** Decided here; GitHub was not told, or did not listen. */
function StillWaits(props: { promotion: Promotion }) {
  const { run } = props.promotion;
  return (
    <Notice
      tone="attention"
      role="status"
      icon={<HelpIcon aria-hidden />}
      title="The run still waits at GitHub"
    >
      <Typography variant="body2">
        GitHub did not get the decision from here. Reject or cancel{' '}
        <ExternalLink to={run?.url}>the run</ExternalLink> there.
      </Typography>
    </Notice>
  );
}

function Part(props: { title: string; children: ReactNode }) {
  const classes = useStyles();
  return (
    <section>
      <Typography className={classes.heading} component="h3">
        {props.title}
      </Typography>
      {props.children}
    </section>
  );
}
