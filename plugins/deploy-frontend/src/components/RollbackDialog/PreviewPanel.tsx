import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import CheckCircleIcon from '@material-ui/icons/CheckCircle';
import ArrowDownwardIcon from '@material-ui/icons/ArrowDownward';
import {
  RevisionEntry,
  RollbackPreview,
} from '@vvp/backstage-plugin-deploy-common';
import { ReactNode } from 'react';
import { nameRefs } from '../../logic/refs';
import { releaseText } from '../../logic/revisions';
import { HealthLabel, mutedColor, Notice, RevisionName, Took } from '../common';
import { ChangesTaken } from './ChangesTaken';
import { PreviewChecks } from './PreviewChecks';
import { Refusals } from './Refusals';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'grid',
    gap: theme.spacing(2),
    color: theme.palette.text.primary,
    '& > *': { minWidth: 0 },
  },
  route: {
    display: 'grid',
    gap: theme.spacing(0.5),
    padding: theme.spacing(1.25, 1.5),
    border: `1px solid ${theme.palette.divider}`,
    borderRadius: theme.shape.borderRadius,
  },
  arrow: { color: mutedColor(theme), fontSize: '1.125rem' },
  end: { minWidth: 0, overflowWrap: 'anywhere' },
  term: { color: mutedColor(theme), fontSize: '0.75rem' },
  facts: {
    display: 'flex',
    flexWrap: 'wrap',
    columnGap: theme.spacing(1.5),
    fontSize: '0.875rem',
  },
  release: { fontWeight: 600 },
  heading: {
    fontSize: '0.9375rem',
    fontWeight: 600,
    marginBottom: theme.spacing(0.5),
  },
  steps: { margin: 0, paddingLeft: theme.spacing(2.5), fontSize: '0.875rem' },
}));

/**
 * What a rollback would do, what stands against it, and what to know before.
 *
 * @internal
 */
export function PreviewPanel(props: {
  preview: RollbackPreview;
  running?: string;
  onLeave(): void;
}) {
  const { preview, running, onLeave } = props;
  const { admission, alreadyThere, from, to, ageSeconds, steps } = preview;
  const classes = useStyles();
  return (
    <div className={classes.root}>
      {!admission.admitted && (
        <Refusals
          entityRef={preview.entityRef}
          refusals={admission.refusals}
          running={running}
          onLeave={onLeave}
        />
      )}
      {alreadyThere && (
        <Notice
          tone="success"
          role="status"
          icon={<CheckCircleIcon aria-hidden />}
          title="This revision serves already: a rollback would do nothing"
        />
      )}
      <div className={classes.route}>
        {from && (
          <>
            <End term="Taken out" entry={from} />
            <ArrowDownwardIcon className={classes.arrow} aria-hidden />
          </>
        )}
        <End term="Comes back" entry={to}>
          <span>
            {ageSeconds === undefined ? (
              'when it last ran here is not known'
            ) : (
              <>
                last deployed here <Took seconds={ageSeconds} /> ago
              </>
            )}
          </span>
        </End>
      </div>
      <Part title="What to know">
        <PreviewChecks preview={preview} />
      </Part>
      <Part title="Changes taken out">
        <ChangesTaken changes={preview.changes} />
      </Part>
      {steps.length > 0 && (
        <Part title="What will be done">
          <ol className={classes.steps}>
            {steps.map(({ name, title }) => (
              <li key={name}>{nameRefs(title)}</li>
            ))}
          </ol>
        </Part>
      )}
    </div>
  );
}

function End(props: {
  term: string;
  entry: RevisionEntry;
  children?: ReactNode;
}) {
  const { term, entry } = props;
  const classes = useStyles();
  const release = releaseText(entry);
  return (
    <div className={classes.end}>
      <div className={classes.term}>{term}</div>
      <RevisionName id={entry.id} copyable />
      <div className={classes.facts}>
        {release && <span className={classes.release}>{release}</span>}
        {entry.health && <HealthLabel health={entry.health} />}
        {props.children}
      </div>
    </div>
  );
}

function Part(props: { title: string; children: ReactNode }) {
  const classes = useStyles();
  return (
    <div>
      <Typography className={classes.heading} component="h4">
        {props.title}
      </Typography>
      {props.children}
    </div>
  );
}
