import { Rule } from '../Finding';
import { checkoutCredentials, untrustedCheckout } from './checkout';
import { deploymentCancelled } from './deploymentCancelled';
import { expressionInScript } from './expressionInScript';
import { jobTimeout } from './jobTimeout';
import { permissions } from './permissions';
import { pinnedAction } from './pinnedAction';
import { reportApart } from './reportApart';
import { secretScope, staticCredential } from './secrets';
import { strictBash } from './strictBash';

/** What the generated workflows keep to, besides what GitHub asks. */
export const rules: readonly Rule[] = [
  pinnedAction,
  permissions,
  reportApart,
  expressionInScript,
  secretScope,
  staticCredential,
  jobTimeout,
  strictBash,
  deploymentCancelled,
  untrustedCheckout,
  checkoutCredentials,
];
