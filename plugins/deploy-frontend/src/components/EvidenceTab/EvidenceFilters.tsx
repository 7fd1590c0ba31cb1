import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import { Evidence } from '@vvp/backstage-plugin-deploy-common';
import { EvidenceFilter, periods } from '../../hooks/useEvidenceFilter';
import { ChoiceField } from '../common';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1.5),
    // The labels stand on the frames of the fields.
    paddingTop: theme.spacing(1),
  },
  clear: { textTransform: 'none' },
}));

/**
 * Narrows the evidence to an environment, a suite and a period.
 *
 * @internal
 */
export function EvidenceFilters(props: {
  /** What the choices are taken from. */
  reports: Evidence[];
  filter: EvidenceFilter;
  onChange(change: Partial<EvidenceFilter>): void;
}) {
  const { reports, filter, onChange } = props;
  const classes = useStyles();
  const { environment, suite, period } = filter;
  return (
    <div className={classes.root} role="search" aria-label="Evidence">
      <ChoiceField
        id="deploy-evidence-environment"
        label="Environment"
        value={environment ?? ''}
        onChange={value => onChange({ environment: value || undefined })}
        options={choices(
          reports.map(report => report.environment),
          environment,
        )}
      />
      <ChoiceField
        id="deploy-evidence-suite"
        label="Suite"
        value={suite ?? ''}
        onChange={value => onChange({ suite: value || undefined })}
        options={choices(
          reports.map(report => report.suite),
          suite,
        )}
      />
      <ChoiceField
        id="deploy-evidence-period"
        label="Period"
        value={String(period)}
        onChange={value =>
          onChange({ period: periods.find(days => String(days) === value) })
        }
        options={periods.map(days => ({
          value: String(days),
          text: `${days} days`,
        }))}
      />
      {(environment !== undefined || suite !== undefined) && (
        <Button
          className={classes.clear}
          size="small"
          color="primary"
          onClick={() => onChange({ environment: undefined, suite: undefined })}
        >
          Show all
        </Button>
      )}
    </div>
  );
}

/** What is chosen stays choosable even if no report has it any more. */
function choices(names: (string | undefined)[], chosen: string | undefined) {
  const known = new Set([...names, chosen]);
  return [
    { value: '', text: 'All' },
    ...[...known]
      .filter(name => name !== undefined && name !== '')
      .map(String)
      .sort((left, right) => left.localeCompare(right, 'en', { numeric: true }))
      .map(name => ({ value: name, text: name })),
  ];
}
