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
export function NotAllowed(props: { what: string; children?: ReactNode }) {
  return (
    <Notice
      tone="attention"
      role="status"
      icon={<LockOutlinedIcon aria-hidden />}
      title={`You may not see ${props.what}`}
    >
      <Typography variant="body2">
        It takes the permission <code>{deployReadPermission.name}</code>.
      </Typography>
      {props.children}
    </Notice>
  );
}
