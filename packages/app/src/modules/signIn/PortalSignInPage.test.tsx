import { renderInTestApp } from '@backstage/frontend-test-utils';
import { IdentityApi } from '@backstage/frontend-plugin-api';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { rememberedUser } from './demoUsers';
import { PortalSignInPage } from './PortalSignInPage';

const demoConfig = {
  app: { title: 'Demo' },
  backend: { baseUrl: 'http://localhost:7007' },
  demo: { enabled: true },
};

function sessionOf(name: string): Response {
  const session = {
    profile: { displayName: name },
    backstageIdentity: {
      token: `${btoa('{}')}.${btoa('{}')}.signature`,
      identity: {
        type: 'user',
        userEntityRef: `user:default/${name}`,
        ownershipEntityRefs: [`user:default/${name}`],
      },
    },
  };
  return {
    ok: true,
    json: async () => session,
  } as Response;
}

function refusal(): Response {
  return {
    ok: false,
    status: 401,
    statusText: 'Unauthorized',
    headers: new Headers({ 'content-type': 'text/plain' }),
    text: async () => 'no such user',
  } as Response;
}

describe('PortalSignInPage', () => {
  const fetchMock = jest.fn<Promise<Response>, [string, RequestInit]>();
  const originalFetch = global.fetch;

  beforeEach(() => {
    sessionStorage.clear();
    fetchMock.mockReset();
    global.fetch = fetchMock as typeof fetch;
  });

  afterAll(() => {
    global.fetch = originalFetch;
  });

  it.each([
    ['Enter as guest', 'guest', 'guest', null],
    ['Dana Reyes — vvp-team', 'dana', 'demo', 'dana'],
    ['Omar Haddad — platform-team', 'omar', 'demo', 'omar'],
  ])('lets one in by "%s"', async (button, name, provider, header) => {
    fetchMock.mockResolvedValue(sessionOf(name));
    const onSignInSuccess = jest.fn<void, [IdentityApi]>();

    renderInTestApp(<PortalSignInPage onSignInSuccess={onSignInSuccess} />, {
      config: demoConfig,
    });
    await userEvent.click(await screen.findByRole('button', { name: button }));

    await waitFor(() => expect(onSignInSuccess).toHaveBeenCalledTimes(1));
    const [url, request] = fetchMock.mock.calls[0];
    expect(url).toMatch(new RegExp(`/api/auth/${provider}/refresh$`));
    expect(new Headers(request.headers).get('x-demo-user')).toBe(header);
    const [[identity]] = onSignInSuccess.mock.calls;
    await expect(identity.getBackstageIdentity()).resolves.toMatchObject({
      userEntityRef: `user:default/${name}`,
    });
    await expect(identity.getProfileInfo()).resolves.toEqual({
      displayName: name,
    });
    await expect(identity.getCredentials()).resolves.toHaveProperty('token');
    expect(rememberedUser()?.id).toBe(name);
  });

  it('lets the same user in again after a reload, until they sign out', async () => {
    sessionStorage.setItem('demo-user', 'omar');
    fetchMock.mockResolvedValue(sessionOf('omar'));
    const onSignInSuccess = jest.fn<void, [IdentityApi]>();

    renderInTestApp(<PortalSignInPage onSignInSuccess={onSignInSuccess} />, {
      config: demoConfig,
    });
    await waitFor(() => expect(onSignInSuccess).toHaveBeenCalledTimes(1));
    expect(screen.queryByText('Enter as guest')).not.toBeInTheDocument();
    await onSignInSuccess.mock.calls[0][0].signOut();

    expect(rememberedUser()).toBeUndefined();
  });

  it('asks again where the one who entered is no longer known', async () => {
    sessionStorage.setItem('demo-user', 'mallory');

    renderInTestApp(<PortalSignInPage onSignInSuccess={jest.fn()} />, {
      config: demoConfig,
    });

    expect(
      await screen.findByRole('button', { name: 'Enter as guest' }),
    ).toBeInTheDocument();
    expect(fetchMock).not.toHaveBeenCalled();
  });

  it('says why somebody was not let in and offers the choice again', async () => {
    fetchMock.mockResolvedValue(refusal());

    renderInTestApp(<PortalSignInPage onSignInSuccess={jest.fn()} />, {
      config: demoConfig,
    });
    await userEvent.click(await screen.findByRole('button', { name: /Dana/ }));
    expect(await screen.findByRole('alert')).toHaveTextContent(/401/);
    await userEvent.click(screen.getByRole('button', { name: 'Choose again' }));

    expect(
      await screen.findByRole('button', { name: 'Enter as guest' }),
    ).toBeInTheDocument();
    expect(rememberedUser()).toBeUndefined();
  });

  it('offers nobody of the demo outside the demo', async () => {
    renderInTestApp(<PortalSignInPage onSignInSuccess={jest.fn()} />, {
      config: { ...demoConfig, demo: { enabled: false } },
    });

    expect(await screen.findByText('Guest')).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: /Dana/ })).toBeNull();
  });
});
