import { configApiRef, useApi } from '@backstage/frontend-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import InfoOutlinedIcon from '@material-ui/icons/InfoOutlined';

const useStyles = makeStyles(theme => ({
  '@global': {
    ':root': { '--demo-banner-height': '28px' },
    '#root': { paddingTop: 'var(--demo-banner-height)' },
    // The sidebar is fixed to the window and some pages are as high as it: both make room.
    'html [data-testid="sidebar-root"]': { top: 'var(--demo-banner-height)' },
    'html [data-backstage-core-page]': {
      height: 'calc(100vh - var(--demo-banner-height))',
    },
    [theme.breakpoints.down('xs')]: {
      ':root': { '--demo-banner-height': '44px' },
    },
  },
  root: {
    position: 'fixed',
    top: 0,
    left: 0,
    right: 0,
    zIndex: theme.zIndex.appBar + 1,
    boxSizing: 'border-box',
    height: 'var(--demo-banner-height)',
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'center',
    gap: theme.spacing(1),
    padding: theme.spacing(0, 2),
    background: '#ffd866',
    color: '#231a00',
    fontFamily: theme.typography.fontFamily,
    fontSize: '0.8125rem',
    lineHeight: 1.25,
  },
  icon: { fontSize: '1.125rem', flexShrink: 0 },
  link: { color: 'inherit', textDecoration: 'underline' },
}));

/** Says on every page that nothing here is real; shown while `demo.enabled` is set. */
export function DemoBanner() {
  const config = useApi(configApiRef);
  return config.getOptionalBoolean('demo.enabled') ? (
    <Banner github={config.getOptionalString('demo.github')} />
  ) : null;
}

function Banner({ github }: { github?: string }) {
  const classes = useStyles();
  return (
    <aside className={classes.root} aria-label="About this demo">
      <InfoOutlinedIcon className={classes.icon} aria-hidden />
      <span>
        Simulated: GitHub{' '}
        {github && (
          <>
            (
            <a className={classes.link} href={github}>
              {github}
            </a>
            ){' '}
          </>
        )}
        and all else here. Nothing leaves loopback.
      </span>
    </aside>
  );
}
