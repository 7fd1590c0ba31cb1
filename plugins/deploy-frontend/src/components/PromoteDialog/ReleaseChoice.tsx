import { makeStyles } from '@material-ui/core/styles';
import TextField from '@material-ui/core/TextField';
import Typography from '@material-ui/core/Typography';
import { ReleaseSummary } from '@vvp/backstage-plugin-deploy-common';
import { placesText } from '../../logic/promote';
import { releaseName } from '../../logic/promotions';
import { Moment, mutedColor } from '../common';

const useStyles = makeStyles(theme => ({
  label: { color: mutedColor(theme) },
  aside: {
    color: mutedColor(theme),
    fontSize: '0.8125rem',
    marginTop: theme.spacing(0.5),
    overflowWrap: 'anywhere',
  },
}));

/**
 * The releases that could go in, as the browser's own list, and more about the one that is chosen.
 *
 * @internal
 */
export function ReleaseChoice(props: {
  id: string;
  releases: readonly ReleaseSummary[];
  /** Commit that runs there now. */
  running: string | undefined;
  chosen: string | undefined;
  onChoose(releaseId: string | undefined): void;
}) {
  const { id, releases, running, chosen, onChoose } = props;
  const classes = useStyles();
  const release = releases.find(each => each.id === chosen);
  if (releases.length === 0) {
    return (
      <Typography variant="body2" role="status">
        There is no release yet that could go there. One appears as soon as a
        pipeline run of this service was seen.
      </Typography>
    );
  }
  return (
    <div>
      <TextField
        select
        required
        fullWidth
        id={id}
        label="Release"
        variant="outlined"
        size="small"
        value={chosen ?? ''}
        onChange={event => onChoose(event.target.value || undefined)}
        InputLabelProps={{ shrink: true, className: classes.label }}
        SelectProps={{ native: true }}
      >
        <option value="">Choose a release…</option>
        {releases.map(each => (
          <option
            key={each.id}
            value={each.id}
            disabled={Boolean(each.quarantine) || each.commit === running}
          >
            {optionText(each, running)}
          </option>
        ))}
      </TextField>
      {release && (
        <div className={classes.aside}>
          {release.title && `${release.title}. `}
          {release.ref && `From ${release.ref}, `}first seen{' '}
          <Moment at={release.createdAt} />, in: {placesText(release)}
        </div>
      )}
    </div>
  );
}

function optionText(
  release: ReleaseSummary,
  running: string | undefined,
): string {
  const notes = [
    release.quarantine && 'quarantined',
    release.commit === running && 'runs there now',
  ].filter(Boolean);
  const title = release.title ? `: ${release.title}` : '';
  const note = notes.length > 0 ? ` (${notes.join(', ')})` : '';
  return `${releaseName(release)}${note}${title}`;
}
