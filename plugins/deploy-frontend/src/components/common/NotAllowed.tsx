import Typography from '@material-ui/core/Typography';
import LockOutlinedIcon from '@material-ui/icons/LockOutlined';
import { deployReadPermission } from '@vvp/backstage-plugin-deploy-common';
import { ReactNode } from 'react';
import { Notice } from './Notice';

/**
 * Says which permission is missing and whom to ask.
 *
 * @internal
 */
export function NotAllowed(props: {
  what: string;
  /** The backend tells nobody whether it is there: perhaps there is nothing to see. */
  orNone?: boolean;
  children?: ReactNode;
}) {
  const { what, orNone, children } = props;
  return (
    <Notice
      tone="attention"
      role="status"
      icon={<LockOutlinedIcon aria-hidden />}
      title={`You may not see ${what}${orNone ? ', if there are any' : ''}`}
    >
      <Typography variant="body2">
        It takes the permission <code>{deployReadPermission.name}</code>, which
        those give who keep the permission policy of this portal.
      </Typography>
      {children}
    </Notice>
  );
}
