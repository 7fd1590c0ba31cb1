import { EntityInfoCard } from '@backstage/plugin-catalog-react';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import PushPinIcon from '@material-ui/icons/FindInPage';
import Skeleton from '@material-ui/lab/Skeleton';
import {
  EvidenceDetail,
  EvidenceType,
} from '@vvp/backstage-plugin-deploy-common';
import { ReactNode, useEffect, useRef } from 'react';
import { useLocation } from 'react-router-dom';
import { SectionEvidence, useSectionEvidence } from '../../hooks/useEvidence';
import { EvidenceFilter } from '../../hooks/useEvidenceFilter';
import { concerns, evidenceTexts, sourceText } from '../../logic/evidence';
import { LoadFailure, mutedColor, Notice, ReportLine } from '../common';

const useStyles = makeStyles(theme => ({
  // Left free by the header of the page when the address names the section.
  root: { minWidth: 0, scrollMarginTop: 96 },
  content: {
    display: 'flex',
    flexDirection: 'column',
    gap: theme.spacing(3),
    minWidth: 0,
    color: theme.palette.text.primary,
  },
  nothing: { color: mutedColor(theme) },
  button: { textTransform: 'none' },
}));

/**
 * What every section of the evidence gets.
 *
 * @internal
 */
export interface SectionProps {
  entityRef: string;
  filter: EvidenceFilter;
  /** Another one means that there is something new to be read. */
  version: string;
  /** The one report to be shown instead of the latest. */
  pinned?: EvidenceDetail;
  onUnpin(): void;
}

/**
 * The card of one type of evidence, in all its states.
 *
 * @internal
 */
export function EvidenceSection(
  props: SectionProps & {
    type: EvidenceType;
    /** Only called with a report: one of the period, or the pinned one. */
    children(evidence: SectionEvidence): ReactNode;
  },
) {
  const { type, entityRef, filter, version, pinned, onUnpin } = props;
  const classes = useStyles();
  const live = useSectionEvidence(entityRef, type, filter, version);
  const { value, error, busy, reload, loadedAt } = live;
  const element = useScrollTo(type, value !== undefined);
  const { title } = evidenceTexts[type];
  const evidence = value && narrowed(value, filter.environment);
  const empty = evidence?.reports.length === 0 && !pinned;
  return (
    <section
      className={classes.root}
      id={type}
      aria-label={title}
      ref={element}
    >
      <EntityInfoCard title={title}>
        <div className={classes.content}>
          {error && (
            <LoadFailure
              what={title}
              error={error}
              onRetry={reload}
              busy={busy}
              shownSince={loadedAt}
            />
          )}
          {pinned && (
            <Notice
              tone="progress"
              role="status"
              icon={<PushPinIcon aria-hidden />}
              title={`You see one report: ${sourceText(pinned, title)}`}
              actions={
                <Button
                  className={classes.button}
                  variant="outlined"
                  size="small"
                  onClick={onUnpin}
                >
                  Show the latest
                </Button>
              }
            >
              <ReportLine report={pinned} />
            </Notice>
          )}
          {!value && !error && (
            <div role="status" aria-label={`Loading: ${title}`}>
              <Skeleton variant="text" width="40%" />
              <Skeleton variant="rect" height={180} />
            </div>
          )}
          {empty && (
            <Typography className={classes.nothing}>
              {nothingText(filter)}
            </Typography>
          )}
          {evidence && !empty && props.children(evidence)}
          {evidence?.more && (
            <Typography className={classes.nothing} variant="body2">
              More reports than can be read at once came in: suites that have
              not run for a while may be missing. Choose a suite to be sure of
              it.
            </Typography>
          )}
        </div>
      </EntityInfoCard>
    </section>
  );
}

/** What was measured before any deployment counts in every environment. */
function narrowed(
  evidence: SectionEvidence,
  environment: string | undefined,
): SectionEvidence {
  return {
    ...evidence,
    reports: evidence.reports.filter(report => concerns(report, environment)),
    trends: {
      ...evidence.trends,
      series: evidence.trends.series.filter(
        series => series.points.length > 0 && concerns(series, environment),
      ),
    },
  };
}

function nothingText(filter: EvidenceFilter): string {
  const { suite, environment, period } = filter;
  return [
    `No report in the last ${period} days`,
    suite ? ` of the suite ${suite}` : '',
    environment ? ` for ${environment}` : '',
    '.',
  ].join('');
}

/** A link to a section arrives before the section has its height. */
function useScrollTo(id: string, ready: boolean) {
  const { hash } = useLocation();
  const element = useRef<HTMLElement>(null);
  useEffect(() => {
    if (ready && hash === `#${id}`) {
      element.current?.scrollIntoView?.({ block: 'start' });
    }
  }, [ready, hash, id]);
  return element;
}
