import Button from '@material-ui/core/Button';
import ListItemIcon from '@material-ui/core/ListItemIcon';
import ListItemText from '@material-ui/core/ListItemText';
import MenuItem from '@material-ui/core/MenuItem';
import { makeStyles } from '@material-ui/core/styles';
import TextField from '@material-ui/core/TextField';
import CheckBoxIcon from '@material-ui/icons/CheckBox';
import CheckBoxOutlineBlankIcon from '@material-ui/icons/CheckBoxOutlineBlank';
import {
  DeploymentStatus,
  deploymentStatuses,
} from '@vvp/backstage-plugin-deploy-common';
import { HistoryFilter } from '../../hooks/useHistoryFilter';
import { statusTexts } from '../../logic/status';
import { ChoiceField, mutedColor } from '../common';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1.5),
    // The labels stand on the frames of the fields.
    paddingTop: theme.spacing(1),
    marginBottom: theme.spacing(1.5),
  },
  status: { flex: '1 1 160px', minWidth: 0, maxWidth: 320 },
  label: { color: mutedColor(theme) },
  check: { minWidth: theme.spacing(4) },
  clear: { textTransform: 'none' },
}));

/**
 * Narrows the history to an environment and to states.
 *
 * @internal
 */
export function HistoryFilters(props: {
  environments: string[];
  filter: HistoryFilter;
  onChange(change: Partial<HistoryFilter>): void;
}) {
  const { filter, onChange } = props;
  const classes = useStyles();
  const { environment } = filter;
  // An environment from the address stays choosable even if the service no longer has it.
  const environments =
    environment && !props.environments.includes(environment)
      ? [...props.environments, environment]
      : props.environments;
  const narrowed = environment !== undefined || filter.status.length > 0;
  return (
    <div className={classes.root}>
      <ChoiceField
        id="deploy-history-environment"
        label="Environment"
        value={environment ?? ''}
        onChange={value => onChange({ environment: value || undefined })}
        options={[
          { value: '', text: 'All' },
          ...environments.map(name => ({ value: name, text: name })),
        ]}
      />
      <TextField
        select
        className={classes.status}
        id="deploy-history-status"
        label="Status"
        variant="outlined"
        size="small"
        value={filter.status}
        onChange={event => onChange({ status: asStatuses(event.target.value) })}
        InputLabelProps={{ shrink: true, className: classes.label }}
        SelectProps={{
          multiple: true,
          displayEmpty: true,
          renderValue: value => statusSummary(asStatuses(value)),
          MenuProps: { getContentAnchorEl: null },
        }}
      >
        {deploymentStatuses.map(status => (
          <MenuItem key={status} value={status} dense>
            <ListItemIcon className={classes.check}>
              {filter.status.includes(status) ? (
                <CheckBoxIcon color="primary" fontSize="small" />
              ) : (
                <CheckBoxOutlineBlankIcon fontSize="small" />
              )}
            </ListItemIcon>
            <ListItemText primary={statusTexts[status].label} />
          </MenuItem>
        ))}
      </TextField>
      {narrowed && (
        <Button
          className={classes.clear}
          size="small"
          color="primary"
          onClick={() => onChange({ environment: undefined, status: [] })}
        >
          Show all
        </Button>
      )}
    </div>
  );
}

function asStatuses(value: unknown): DeploymentStatus[] {
  const chosen: unknown[] = Array.isArray(value) ? value : [];
  return deploymentStatuses.filter(status => chosen.includes(status));
}

function statusSummary(statuses: DeploymentStatus[]): string {
  if (statuses.length === 0) {
    return 'All';
  }
  return statuses.map(status => statusTexts[status].label).join(', ');
}
