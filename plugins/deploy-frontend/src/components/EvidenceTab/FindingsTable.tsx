import { makeStyles, useTheme } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import {
  EvidenceDetail,
  Finding,
  severities,
} from '@vvp/backstage-plugin-deploy-common';
import { numberText } from '../../logic/numbers';
import { scanText, severityTexts, sortFindings } from '../../logic/security';
import { severityColor } from '../charts';
import { DataTable, ExternalLink, mutedColor } from '../common';
import { SubHeading } from './SubHeading';

const useStyles = makeStyles(theme => ({
  severity: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(0.75),
    fontWeight: 600,
    whiteSpace: 'nowrap',
  },
  dot: { width: 10, height: 10, borderRadius: 2, flexShrink: 0 },
  // Wide screens have a column for it.
  narrow: {
    color: mutedColor(theme),
    [theme.breakpoints.up('md')]: { display: 'none' },
  },
  muted: { color: mutedColor(theme), fontSize: '0.8125rem' },
}));

/**
 * Findings one by one, worst first, with the version that mends them.
 *
 * @internal
 */
export function FindingsTable(props: {
  details: EvidenceDetail[];
  /** Names of the scans whose findings were not read. */
  left: string[];
}) {
  const { details, left } = props;
  const classes = useStyles();
  const rows = sortFindings(details);
  const all = details.reduce((sum, { summary }) => sum + countOf(summary), 0);
  return (
    <div>
      <SubHeading
        note={
          rows.length < all
            ? `the worst ${numberText(rows.length)} of ${numberText(all)}`
            : numberText(rows.length)
        }
      >
        Findings
      </SubHeading>
      {rows.length === 0 && (
        <Typography className={classes.muted}>
          The report counts them; the findings themselves are no longer kept.
        </Typography>
      )}
      {rows.length > 0 && (
        <DataTable
          label="Findings, worst first"
          noun="finding"
          rows={rows}
          keyOf={({ report }, index) => `${report.id} ${index}`}
          columns={[
            {
              title: 'Severity',
              cell: ({ finding }) => <SeverityLabel finding={finding} />,
            },
            {
              title: 'Finding',
              cell: ({ finding }) => (
                <>
                  <FindingText finding={finding} />
                  <div className={classes.narrow}>
                    <Place finding={finding} withFix />
                  </div>
                </>
              ),
            },
            {
              title: 'In',
              wide: true,
              cell: ({ finding }) => <Place finding={finding} />,
            },
            {
              title: 'Fixed in',
              wide: true,
              cell: ({ finding }) => finding.fixedVersion ?? '—',
            },
            {
              title: 'Found by',
              wide: true,
              cell: ({ report }) => scanText(report),
            },
          ]}
        />
      )}
      {left.length > 0 && (
        <Typography className={classes.muted}>
          Not listed are the findings of {left.join(', ')}. Choose the suite to
          see them.
        </Typography>
      )}
    </div>
  );
}

function SeverityLabel(props: { finding: Finding }) {
  const { severity, suppressed } = props.finding;
  const classes = useStyles();
  const theme = useTheme();
  return (
    <>
      <span className={classes.severity}>
        <span
          className={classes.dot}
          style={{ background: severityColor(theme, severity) }}
          aria-hidden
        />
        {severityTexts[severity]}
      </span>
      {suppressed && <div className={classes.muted}>suppressed</div>}
    </>
  );
}

function FindingText(props: { finding: Finding }) {
  const { ruleId, title, url } = props.finding;
  const classes = useStyles();
  return (
    <>
      <ExternalLink to={url}>{ruleId}</ExternalLink>
      {title !== ruleId && <div className={classes.muted}>{title}</div>}
    </>
  );
}

function Place(props: { finding: Finding; withFix?: boolean }) {
  const { finding, withFix } = props;
  const { package: name, version, path, line, fixedVersion } = finding;
  const classes = useStyles();
  return (
    <>
      {name && (
        <div>
          {name} {version}
          {withFix && fixedVersion && <> → {fixedVersion}</>}
        </div>
      )}
      {path && (
        <div className={name ? classes.muted : undefined}>
          {path}
          {line !== undefined && `:${line}`}
        </div>
      )}
    </>
  );
}

function countOf(summary: EvidenceDetail['summary']): number {
  return summary.type === 'security'
    ? severities.reduce((sum, each) => sum + summary.bySeverity[each], 0) +
        summary.suppressed
    : 0;
}
