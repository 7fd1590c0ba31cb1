import { render, screen } from '@testing-library/react';

describe('App', () => {
  const environment = process.env;

  beforeEach(() => sessionStorage.clear());
  afterEach(() => {
    process.env = environment;
  });

  it('starts with the sign-in of the demo and says that it is simulated', async () => {
    process.env = {
      NODE_ENV: 'test',
      // Read by the app's own config loader in tests.
      APP_CONFIG: [
        {
          context: 'test',
          data: {
            app: { title: 'Portal', baseUrl: 'http://localhost:3000' },
            backend: { baseUrl: 'http://localhost:7007' },
            demo: { enabled: true },
          },
        },
      ] as unknown as string,
    };
    const { default: app } = await import('./App');

    render(app.createRoot());

    expect(
      await screen.findByRole('button', { name: 'Enter as guest' }),
    ).toBeInTheDocument();
    expect(
      await screen.findByText(/Nothing leaves loopback/),
    ).toBeInTheDocument();
  });
});
