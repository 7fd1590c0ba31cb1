import { EntityInfoCard } from '@backstage/plugin-catalog-react';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import Skeleton from '@material-ui/lab/Skeleton';
import {
  EnvironmentOverview,
  RevisionEntry,
  RevisionList,
} from '@vvp/backstage-plugin-deploy-common';
import { useEffect, useRef, useState } from 'react';
import { LiveValue } from '../../hooks/useLiveValue';
import { useRevisions } from '../../hooks/useOperations';
import { usePolling } from '../../hooks/useRefresh';
import { failureKind } from '../../logic/failure';
import { environmentVersion, releaseText } from '../../logic/revisions';
import { LoadFailure, mutedColor, NotAllowed } from '../common';
import {
  Action,
  ActionMenu,
  EnvironmentNotes,
  ReasonDialog,
  redeploy,
} from '../operations';
import { RollbackDialog } from '../RollbackDialog';
import { DiagnosticsPanel } from './DiagnosticsPanel';
import { environmentMenu } from './environmentMenu';
import { NothingYet } from './NothingYet';
import { quarantineAction } from './quarantineAction';
import { RevisionTable } from './RevisionTable';

const useStyles = makeStyles(theme => ({
  name: { overflowWrap: 'anywhere', whiteSpace: 'normal' },
  resource: {
    display: 'block',
    color: mutedColor(theme),
    fontSize: '0.8125rem',
    fontWeight: 400,
    overflowWrap: 'anywhere',
  },
  bar: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1),
    marginBottom: theme.spacing(1),
  },
  button: { textTransform: 'none' },
  said: { fontSize: '0.875rem', color: theme.palette.text.primary },
}));

type Opened =
  | { kind: 'rollback'; revision?: string }
  | { kind: 'action'; action: Action }
  | { kind: 'diagnostics' };

/**
 * One environment: what stops it, what can be put back, and what else can be done.
 *
 * @internal
 */
export function EnvironmentSection(props: {
  entityRef: string;
  environment: EnvironmentOverview;
  onStarted(operationId: string): void;
  onChanged(): void;
}) {
  const { entityRef, environment, onStarted, onChanged } = props;
  const { name, tier } = environment;
  const classes = useStyles();
  const [opened, setOpened] = useState<Opened>();
  const [said, setSaid] = useState('');
  const revisions = useRevisions(entityRef, name);
  const { value, reload } = revisions;
  usePolling(reload);
  useReloadWhen(environmentVersion(environment), reload);

  const close = () => setOpened(undefined);
  const open = (action: Action) => setOpened({ kind: 'action', action });
  const place = { entityRef, environment: name };
  const quarantining = (entry: RevisionEntry) => {
    const offered = quarantineAction(place, entry);
    return (
      offered && {
        label: offered.label,
        onSelect: () => open(offered.action),
      }
    );
  };
  return (
    <EntityInfoCard
      title={
        <span className={classes.name}>
          {name}
          <span className={classes.resource}>
            {[tier !== name && tier, value?.resource]
              .filter(Boolean)
              .join(' · ')}
          </span>
        </span>
      }
    >
      <div className={classes.bar}>
        <Button
          className={classes.button}
          variant="contained"
          color="primary"
          disabled={!value || value.items.length === 0}
          onClick={() => setOpened({ kind: 'rollback' })}
          aria-label={`Roll back ${name}`}
        >
          Roll back…
        </Button>
        <Button
          className={classes.button}
          variant="outlined"
          onClick={() => setOpened({ kind: 'diagnostics' })}
          aria-label={`Diagnostics of ${name}`}
        >
          Diagnostics
        </Button>
        <ActionMenu
          label={`More actions for ${name}`}
          items={environmentMenu(entityRef, environment).map(
            ({ label, action }) => ({ label, onSelect: () => open(action) }),
          )}
        />
        <span className={classes.said} role="status">
          {said}
        </span>
      </div>
      <EnvironmentNotes entityRef={entityRef} environment={environment} />
      <Revisions
        environment={environment}
        revisions={revisions}
        onRollBack={revision => setOpened({ kind: 'rollback', revision })}
        onRedeploy={entry =>
          entry.commit &&
          open(
            redeploy(place, entry.commit, releaseText(entry) ?? entry.commit),
          )
        }
        quarantining={quarantining}
      />
      {opened?.kind === 'rollback' && value && (
        <RollbackDialog
          entityRef={entityRef}
          environment={environment}
          entries={value.items}
          revision={opened.revision}
          onClose={close}
          onStarted={onStarted}
        />
      )}
      {opened?.kind === 'action' && (
        <ReasonDialog
          entityRef={entityRef}
          environment={name}
          action={opened.action}
          onClose={close}
          onDone={result => {
            close();
            if ('operationId' in result) {
              onStarted(result.operationId);
              return;
            }
            setSaid(result.said);
            onChanged();
            reload();
          }}
        />
      )}
      {opened?.kind === 'diagnostics' && (
        <DiagnosticsPanel {...place} onClose={close} />
      )}
    </EntityInfoCard>
  );
}

function Revisions(props: {
  environment: EnvironmentOverview;
  revisions: LiveValue<RevisionList>;
  onRollBack(revision: string): void;
  onRedeploy(entry: RevisionEntry): void;
  quarantining(
    entry: RevisionEntry,
  ): { label: string; onSelect(): void } | undefined;
}) {
  const { environment, revisions } = props;
  const { value, error, busy, reload, loadedAt } = revisions;
  if (error && failureKind(error) === 'not-allowed') {
    return <NotAllowed what={`the revisions of ${environment.name}`} />;
  }
  return (
    <>
      {error && (
        <LoadFailure
          what={`The revisions of ${environment.name}`}
          error={error}
          onRetry={reload}
          busy={busy}
          shownSince={loadedAt}
        />
      )}
      {!value && !error && (
        <div
          role="status"
          aria-label={`Asking the platform about ${environment.name}`}
        >
          <Skeleton variant="text" height={40} />
          <Skeleton variant="text" height={40} />
          <Skeleton variant="text" height={40} />
        </div>
      )}
      {value?.items.length === 0 && (
        <NothingYet environment={environment} revisions={value} />
      )}
      {value && value.items.length > 0 && (
        <RevisionTable
          environment={environment}
          entries={value.items}
          onRollBack={props.onRollBack}
          onRedeploy={props.onRedeploy}
          quarantining={props.quarantining}
        />
      )}
    </>
  );
}

/** The platform is asked again when something has changed here, not with every line of a log. */
function useReloadWhen(version: string, reload: () => void): void {
  const known = useRef(version);
  useEffect(() => {
    if (known.current !== version) {
      known.current = version;
      reload();
    }
  }, [version, reload]);
}
