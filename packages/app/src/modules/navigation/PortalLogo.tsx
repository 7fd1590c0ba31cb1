import { Link, useSidebarOpenState } from '@backstage/core-components';
import { configApiRef, useApi } from '@backstage/frontend-plugin-api';
import { makeStyles } from '@material-ui/core/styles';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1.5),
    height: 64,
    width: '100%',
    boxSizing: 'border-box',
    padding: theme.spacing(0, 1, 0, 2.75),
    color: theme.palette.navigation.selectedColor,
  },
  name: {
    fontWeight: 600,
    fontSize: '0.875rem',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  },
}));

/** The portal's sign and, where there is room, its name; leads home. */
export function PortalLogo() {
  const classes = useStyles();
  const { isOpen } = useSidebarOpenState();
  const name = useApi(configApiRef).getOptionalString('app.title') ?? 'Portal';
  return (
    <Link to="/" underline="none" className={classes.root} aria-label="Home">
      <svg width="28" height="28" viewBox="0 0 32 32" aria-hidden>
        <path
          d="M7 22l6-6 4 4 8-9"
          fill="none"
          stroke="#7df3e1"
          strokeWidth="3"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
        <circle cx="25" cy="11" r="2.5" fill="#7df3e1" />
      </svg>
      {isOpen && <span className={classes.name}>{name}</span>}
    </Link>
  );
}
