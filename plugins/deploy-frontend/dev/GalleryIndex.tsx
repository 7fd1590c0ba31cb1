import { Content, Link } from '@backstage/core-components';
import Typography from '@material-ui/core/Typography';
import { promotionServices, promotionStates } from './promotionScenarios';
import { operationStates, rollbackStates } from './rollbackScenarios';

/** Names of the services, each of which shows the tab in one state. */
export const tabStates = [
  'normal',
  'in-flight',
  'failed',
  'many',
  'long-names',
  'spec-problem',
  'spec-problem-first',
  'empty',
  'empty-without-annotation',
  'loading',
  'error',
  'stale',
  'not-allowed',
  'not-found',
];

/** Names of the services, each of which shows the evidence in one state. */
export const evidenceStates = [
  'normal',
  'empty',
  'loading',
  'error',
  'stale',
  'not-allowed',
  'long-names',
  'one-point',
  'huge-numbers',
  'carried-forward',
  'waived',
  'scan-incomplete',
];

const pageStates = ['', 'loading', 'empty', 'error', 'not-allowed'];

/** Links to every state of the tab and of the page. */
export function GalleryIndex() {
  return (
    <Content>
      <Typography variant="h5" component="h2">
        The tab
      </Typography>
      <ul>
        {tabStates.map(name => (
          <li key={name}>
            <Link to={`/catalog/default/component/${name}/deployments`}>
              {name}
            </Link>
            {' · '}
            <Link to={`/catalog/default/component/${name}`}>overview card</Link>
          </li>
        ))}
      </ul>
      <Typography variant="h5" component="h2">
        The evidence and the gates
      </Typography>
      <ul>
        {evidenceStates.map(name => (
          <li key={name}>
            <Link to={`/catalog/default/component/${name}/evidence`}>
              {name}
            </Link>
            {' · '}
            <Link to={`/catalog/default/component/${name}`}>overview card</Link>
            {' · '}
            <Link to={`/catalog/default/component/${name}/deployments`}>
              gates
            </Link>
          </li>
        ))}
      </ul>
      <Typography variant="h5" component="h2">
        The way back
      </Typography>
      <ul>
        {rollbackStates.map(name => (
          <li key={name}>
            <Link to={`/catalog/default/component/${name}/rollback`}>
              {name}
            </Link>
            {' · '}
            <Link to={`/catalog/default/component/${name}/deployments`}>
              deployments
            </Link>
          </li>
        ))}
        {operationStates.map(id => (
          <li key={id}>
            <Link
              to={`/catalog/default/component/rollback-normal/rollback?operation=${id}`}
            >
              operation: {id}
            </Link>
          </li>
        ))}
      </ul>
      <Typography variant="h5" component="h2">
        Promotions and freezes
      </Typography>
      <ul>
        {promotionServices.map(name => (
          <li key={name}>
            <Link to={`/catalog/default/component/${name}/deployments`}>
              {name}
            </Link>
          </li>
        ))}
        {promotionStates.map(id => (
          <li key={id}>
            <Link to={`/deploy/promotions/${id}`}>promotion: {id}</Link>
            {' · '}
            <Link
              to={`/catalog/default/component/promotion-pending/deployments?promotion=${id}`}
            >
              on the tab
            </Link>
          </li>
        ))}
        {pageStates.map(state => (
          <li key={state}>
            <Link to={`/deploy/promotions?state=${state}`}>
              promotions: {state || 'normal'}
            </Link>
            {' · '}
            <Link to={`/deploy/freezes?state=${state}`}>freezes</Link>
          </li>
        ))}
      </ul>
      <Typography variant="h5" component="h2">
        The page of all services
      </Typography>
      <ul>
        {pageStates.map(state => (
          <li key={state}>
            <Link to={state ? `/deployments?state=${state}` : '/deployments'}>
              {state || 'normal'}
            </Link>
          </li>
        ))}
      </ul>
    </Content>
  );
}
