import { SidebarItem, useSidebarOpenState } from '@backstage/core-components';
import { makeStyles } from '@material-ui/core/styles';
import HowToRegIcon from '@material-ui/icons/HowToReg';
import { usePromotionList } from '../../hooks/usePromotions';
import { promotionsPath } from '../../logic/links';
import { waitingText } from '../../logic/promotions';

/** More are not worth the counting. */
const countedAtMost = 20;

const useStyles = makeStyles(theme => ({
  count: {
    display: 'inline-block',
    boxSizing: 'border-box',
    minWidth: 22,
    padding: theme.spacing(0, 0.75),
    borderRadius: 11,
    fontSize: '0.75rem',
    fontWeight: 700,
    lineHeight: '22px',
    textAlign: 'center',
    background: theme.palette.navigation.selectedColor,
    color: theme.palette.navigation.background,
  },
}));

/**
 * The promotions in the sidebar, with how many of them wait for the user. No number where none does, or it
 * is not known: the page says why.
 *
 * @public
 */
export function PromotionsSidebarItem() {
  const classes = useStyles();
  const { isOpen } = useSidebarOpenState();
  const { value } = usePromotionList({
    waitingFor: 'me',
    limit: countedAtMost,
  });
  const waiting =
    value && waitingText(value.items.length, Boolean(value.nextCursor));
  return (
    <SidebarItem
      icon={HowToRegIcon}
      to={promotionsPath()}
      text="Promotions"
      aria-label={waiting ? `Promotions, ${waiting.spoken}` : 'Promotions'}
      // Where there is no room for the number.
      hasNotifications={Boolean(waiting) && !isOpen}
    >
      {waiting && (
        <span className={classes.count} title={waiting.spoken}>
          {waiting.count}
        </span>
      )}
    </SidebarItem>
  );
}
