import { IdentityApi } from '@backstage/frontend-plugin-api';
import { forgetUser } from './demoUsers';

/** The identity of a demo user; signing out forgets who entered. */
export class DemoIdentity implements IdentityApi {
  readonly #identity: IdentityApi;

  constructor(identity: IdentityApi) {
    this.#identity = identity;
  }

  getProfileInfo() {
    return this.#identity.getProfileInfo();
  }

  getBackstageIdentity() {
    return this.#identity.getBackstageIdentity();
  }

  getCredentials() {
    return this.#identity.getCredentials();
  }

  async signOut() {
    forgetUser();
    await this.#identity.signOut();
  }
}
