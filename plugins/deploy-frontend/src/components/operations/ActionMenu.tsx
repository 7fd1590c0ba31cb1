import IconButton from '@material-ui/core/IconButton';
import Menu from '@material-ui/core/Menu';
import MenuItem from '@material-ui/core/MenuItem';
import { makeStyles } from '@material-ui/core/styles';
import MoreVertIcon from '@material-ui/icons/MoreVert';
import { useState } from 'react';
import { cardFont } from '../common';

const useStyles = makeStyles(theme => ({
  button: { padding: theme.spacing(0.5) },
  paper: {
    fontFamily: cardFont,
    '& [class*="Mui"]': { fontFamily: 'inherit' },
  },
}));

/**
 * What else can be done, behind three dots.
 *
 * @internal
 */
export function ActionMenu(props: {
  label: string;
  items: { label: string; onSelect(): void }[];
}) {
  const { label, items } = props;
  const classes = useStyles();
  const [anchor, setAnchor] = useState<Element>();
  if (items.length === 0) {
    return null;
  }
  return (
    <>
      <IconButton
        className={classes.button}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={anchor !== undefined}
        onClick={event => setAnchor(event.currentTarget)}
      >
        <MoreVertIcon />
      </IconButton>
      <Menu
        open={anchor !== undefined}
        anchorEl={anchor}
        onClose={() => setAnchor(undefined)}
        PaperProps={{ className: classes.paper }}
        MenuListProps={{ 'aria-label': label }}
      >
        {items.map(item => (
          <MenuItem
            key={item.label}
            onClick={() => {
              setAnchor(undefined);
              item.onSelect();
            }}
          >
            {item.label}
          </MenuItem>
        ))}
      </Menu>
    </>
  );
}
