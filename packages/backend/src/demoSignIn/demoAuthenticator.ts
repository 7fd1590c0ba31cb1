import { AuthenticationError } from '@backstage/errors';
import { createProxyAuthenticator } from '@backstage/plugin-auth-node';

const DEMO_USERS = new Set(['dana', 'omar']);

/**
 * Takes the user's name from the header `x-demo-user`; proves nothing, which is why it is the demo's only.
 *
 * @internal
 */
export const demoAuthenticator = createProxyAuthenticator({
  defaultProfileTransform: async (result: { name: string }) => ({
    profile: { displayName: result.name },
  }),
  initialize() {},
  async authenticate({ req }) {
    const name = req.header('x-demo-user');
    if (name === undefined || !DEMO_USERS.has(name)) {
      throw new AuthenticationError(
        `The demo knows the users ${[...DEMO_USERS].join(' and ')}`,
      );
    }
    return { result: { name } };
  },
});
