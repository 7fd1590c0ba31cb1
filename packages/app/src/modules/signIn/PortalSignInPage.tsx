import { SignInPage } from '@backstage/core-components';
import { configApiRef, useApi } from '@backstage/frontend-plugin-api';
import { SignInPageProps } from '@backstage/plugin-app-react';
import { DemoSignInPage } from './DemoSignInPage';

/** The demo's choice of users in the demo; else Backstage's own page, where a portal adds its providers. */
export function PortalSignInPage(props: SignInPageProps) {
  const demo = useApi(configApiRef).getOptionalBoolean('demo.enabled');
  return demo ? (
    <DemoSignInPage {...props} />
  ) : (
    <SignInPage {...props} providers={['guest']} />
  );
}
