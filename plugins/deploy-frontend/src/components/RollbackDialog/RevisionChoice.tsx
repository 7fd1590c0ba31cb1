import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { RevisionEntry } from '@vvp/backstage-plugin-deploy-common';
import { useId } from 'react';
import {
  lastWorked,
  pastStatus,
  releaseText,
  whyNotChosen,
} from '../../logic/revisions';
import { Moment, mutedColor, RevisionName, toneColor } from '../common';

const useStyles = makeStyles(theme => ({
  set: { border: 0, margin: 0, padding: 0, minWidth: 0 },
  legend: {
    padding: 0,
    marginBottom: theme.spacing(1),
    color: theme.palette.text.primary,
    fontWeight: 600,
  },
  option: {
    display: 'grid',
    gridTemplateColumns: 'auto minmax(0, 1fr)',
    gap: theme.spacing(1.5),
    alignItems: 'start',
    padding: theme.spacing(1, 1.25),
    border: `1px solid ${theme.palette.divider}`,
    borderRadius: theme.shape.borderRadius,
    marginBottom: theme.spacing(0.75),
    color: theme.palette.text.primary,
    cursor: 'pointer',
    '&:focus-within': { outline: `2px solid ${toneColor(theme, 'progress')}` },
  },
  chosen: { borderColor: toneColor(theme, 'progress'), borderWidth: 2 },
  off: { cursor: 'not-allowed', color: mutedColor(theme) },
  radio: {
    width: 18,
    height: 18,
    margin: theme.spacing(0.125, 0, 0),
    accentColor: toneColor(theme, 'progress'),
  },
  facts: {
    display: 'flex',
    flexWrap: 'wrap',
    columnGap: theme.spacing(1.5),
    fontSize: '0.875rem',
  },
  release: { fontWeight: 600 },
  why: { color: toneColor(theme, 'error'), fontSize: '0.8125rem' },
}));

/**
 * The revisions to choose from. Nothing is chosen beforehand; what runs now is left out.
 *
 * @internal
 */
export function RevisionChoice(props: {
  entries: RevisionEntry[];
  chosen: string | undefined;
  onChoose(revision: string): void;
}) {
  const { chosen, onChoose } = props;
  const entries = props.entries.filter(({ current }) => !current);
  const classes = useStyles();
  const name = useId();
  if (entries.length === 0) {
    return (
      <Typography variant="body2">
        There is no other revision to go back to.
      </Typography>
    );
  }
  return (
    <fieldset className={classes.set}>
      <legend className={classes.legend}>Which revision comes back?</legend>
      {entries.map((entry, index) => (
        <Option
          key={entry.id}
          entry={entry}
          name={name}
          id={`${name}-${index}`}
          checked={entry.id === chosen}
          onChoose={() => onChoose(entry.id)}
        />
      ))}
    </fieldset>
  );
}

function Option(props: {
  entry: RevisionEntry;
  name: string;
  id: string;
  checked: boolean;
  onChoose(): void;
}) {
  const { entry, name, id, checked, onChoose } = props;
  const classes = useStyles();
  const why = whyNotChosen(entry);
  const release = releaseText(entry);
  const newest = entry.deployments.at(0);
  const workedBefore = lastWorked(entry);
  return (
    <label
      className={[
        classes.option,
        checked && classes.chosen,
        why !== undefined && classes.off,
      ]
        .filter(Boolean)
        .join(' ')}
      htmlFor={id}
    >
      <input
        className={classes.radio}
        type="radio"
        id={id}
        name={name}
        value={entry.id}
        checked={checked}
        disabled={why !== undefined}
        onChange={onChoose}
      />
      <span>
        <RevisionName id={entry.id} />
        <span className={classes.facts}>
          {release && <span className={classes.release}>{release}</span>}
          {newest ? (
            <span>
              {pastStatus(newest.status).label} <Moment at={newest.at} />
              {workedBefore && (
                <>
                  , worked <Moment at={workedBefore} />
                </>
              )}
            </span>
          ) : (
            entry.createdAt && (
              <span>
                made <Moment at={entry.createdAt} />
              </span>
            )
          )}
        </span>
        {why && <span className={classes.why}>{why}</span>}
      </span>
    </label>
  );
}
