import { makeStyles } from '@material-ui/core/styles';
import TextField from '@material-ui/core/TextField';
import Typography from '@material-ui/core/Typography';
import { Release, ReleaseSummary } from '@vvp/backstage-plugin-deploy-common';
import { useState } from 'react';
import { PagedList } from '../../hooks/usePagedList';
import { countText } from '../../logic/numbers';
import { findReleases, placesText } from '../../logic/promote';
import { releaseName } from '../../logic/promotions';
import { LoadMore, Moment, mutedColor, TextInput } from '../common';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'grid',
    gap: theme.spacing(1.5),
    '& > *': { minWidth: 0 },
  },
  label: { color: mutedColor(theme) },
  aside: {
    color: mutedColor(theme),
    fontSize: '0.8125rem',
    overflowWrap: 'anywhere',
  },
}));

/** With fewer, looking is quicker than searching. */
const searchedFrom = 8;

/**
 * The releases that could go in, newest first, as the browser's own list, a search among those that are
 * loaded, and more about the one that is chosen.
 *
 * @internal
 */
export function ReleaseChoice(props: {
  id: string;
  list: PagedList<ReleaseSummary>;
  /** What runs there now. */
  running: Release | undefined;
  chosen: string | undefined;
  onChoose(releaseId: string | undefined): void;
}) {
  const { id, list, running, chosen, onChoose } = props;
  const classes = useStyles();
  const [search, setSearch] = useState('');
  const releases = list.value?.items ?? [];
  const more = Boolean(list.value?.nextCursor);
  const found = findReleases(releases, search);
  // What is chosen stays, whatever is searched for.
  const offered = releases.filter(
    each => found.includes(each) || each.id === chosen,
  );
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
    <div className={classes.root}>
      {(more || releases.length >= searchedFrom) && (
        <div>
          <TextInput
            id={`${id}-search`}
            label="Search the releases"
            size="small"
            type="search"
            value={search}
            onChange={event => setSearch(event.target.value)}
            onKeyDown={event => {
              // Searching asks for nothing yet.
              if (event.key === 'Enter') {
                event.preventDefault();
              }
            }}
            inputProps={{ spellCheck: false }}
          />
          <div className={classes.aside} role="status">
            {searchText(found.length, releases.length, more)}
          </div>
        </div>
      )}
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
        {offered.map(each => (
          <option
            key={each.id}
            value={each.id}
            disabled={
              Boolean(each.quarantine) || each.commit === running?.commit
            }
          >
            {optionText(each, running?.commit)}
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
      {running && (
        <div className={classes.aside}>
          Runs there now: <strong>{releaseName(running)}</strong>
        </div>
      )}
      <LoadMore list={list} />
    </div>
  );
}

function searchText(found: number, loaded: number, more: boolean): string {
  const where = more
    ? `the newest ${countText(
        loaded,
        'release',
      )}; older ones can be loaded below`
    : countText(loaded, 'release');
  return `${found} of ${where}`;
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
