export { DeploymentsPage } from './DeploymentsPage';
export { DeploymentsPageContent } from './DeploymentsPageContent';
