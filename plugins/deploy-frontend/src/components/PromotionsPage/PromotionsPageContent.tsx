import { Content } from '@backstage/core-components';
import { makeStyles } from '@material-ui/core/styles';
import { Route, Routes, useNavigate, useParams } from 'react-router-dom';
import { promotionsPath } from '../../logic/links';
import { cardFont } from '../common';
import { PromotionPanel } from '../PromotionPanel';
import { PromotionTabs } from './PromotionTabs';

const useStyles = makeStyles({
  root: {
    fontFamily: cardFont,
    '& [class*="Mui"]': { fontFamily: 'inherit' },
  },
});

/**
 * Promotions of all services that the user may see, and each of them at an address of its own.
 *
 * @internal
 */
export function PromotionsPageContent() {
  const classes = useStyles();
  return (
    <Content>
      <div className={classes.root}>
        <Routes>
          <Route path="/" element={<PromotionTabs />} />
          <Route path="/:id" element={<OnePromotion />} />
        </Routes>
      </div>
    </Content>
  );
}

function OnePromotion() {
  const { id = '' } = useParams();
  const navigate = useNavigate();
  return (
    <PromotionPanel
      id={id}
      backLabel="Back to the promotions"
      onBack={() => navigate(promotionsPath())}
    />
  );
}
