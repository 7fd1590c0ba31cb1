import { Content } from '@backstage/core-components';
import { usePermission } from '@backstage/plugin-permission-react';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import Skeleton from '@material-ui/lab/Skeleton';
import {
  deployFreezePermission,
  Freeze,
} from '@vvp/backstage-plugin-deploy-common';
import { useState } from 'react';
import { useFreezes } from '../../hooks/usePromotions';
import { failureKind } from '../../logic/failure';
import {
  cardFont,
  LoadFailure,
  LoadMore,
  mutedColor,
  NotAllowed,
} from '../common';
import { EndFreezeDialog } from './EndFreezeDialog';
import { FreezeItem } from './FreezeItem';
import { SetFreezeDialog } from './SetFreezeDialog';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'grid',
    gap: theme.spacing(2),
    fontFamily: cardFont,
    '& > *': { minWidth: 0 },
    '& [class*="Mui"]': { fontFamily: 'inherit' },
  },
  bar: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1, 2),
  },
  button: { textTransform: 'none' },
  note: { color: mutedColor(theme), flex: '1 1 240px' },
  list: {
    display: 'grid',
    gap: theme.spacing(1.5),
    listStyle: 'none',
    margin: 0,
    padding: 0,
  },
  nothing: { color: mutedColor(theme), padding: theme.spacing(2, 0) },
}));

/**
 * Freezes in force and to come; whoever has the right to sets and ends them.
 *
 * @internal
 */
export function FreezesPageContent() {
  const classes = useStyles();
  const list = useFreezes();
  const { allowed } = usePermission({ permission: deployFreezePermission });
  const [setting, setSetting] = useState(false);
  const [ending, setEnding] = useState<Freeze>();
  const [fresh, setFresh] = useState<Freeze>();
  const { value, error, busy, reload, loadedAt } = list;
  if (error && failureKind(error) === 'not-allowed') {
    return (
      <Content>
        <NotAllowed what="the freezes" />
      </Content>
    );
  }
  return (
    <Content>
      <div className={classes.root}>
        <div className={classes.bar}>
          <Typography className={classes.note} variant="body2">
            While a freeze is in force the portal lets nothing in where it
            reaches, except what the freeze lets through. Pipelines that are not
            enforced do not ask.
            {!allowed && (
              <>
                {' '}
                Setting and ending one takes the permission{' '}
                <code>{deployFreezePermission.name}</code>.
              </>
            )}
          </Typography>
          {allowed && (
            <Button
              className={classes.button}
              variant="contained"
              color="primary"
              onClick={() => setSetting(true)}
            >
              Set a freeze…
            </Button>
          )}
        </div>
        {error && (
          <LoadFailure
            what="The freezes"
            error={error}
            onRetry={reload}
            busy={busy}
            shownSince={loadedAt}
          />
        )}
        {!value && !error && (
          <div role="status" aria-label="Loading the freezes">
            <Skeleton variant="rect" height={96} />
          </div>
        )}
        {value?.items.length === 0 && (
          <Typography className={classes.nothing} role="status">
            No freeze is in force or to come.
          </Typography>
        )}
        {value && value.items.length > 0 && (
          <ul className={classes.list} aria-label="Freezes">
            {value.items.map(freeze => (
              <li key={freeze.id}>
                <FreezeItem
                  freeze={freeze}
                  fresh={freeze.id === fresh?.id}
                  onEnd={allowed ? () => setEnding(freeze) : undefined}
                />
              </li>
            ))}
          </ul>
        )}
        <LoadMore list={list} />
      </div>
      {setting && (
        <SetFreezeDialog
          onClose={() => setSetting(false)}
          onSet={freeze => {
            setSetting(false);
            setFresh(freeze);
            reload();
          }}
        />
      )}
      {ending && (
        <EndFreezeDialog
          freeze={ending}
          onClose={() => setEnding(undefined)}
          onEnded={() => {
            setEnding(undefined);
            reload();
          }}
        />
      )}
    </Content>
  );
}
