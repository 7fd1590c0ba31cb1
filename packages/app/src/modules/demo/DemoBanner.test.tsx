import { renderInTestApp } from '@backstage/frontend-test-utils';
import { screen } from '@testing-library/react';
import { DemoBanner } from './DemoBanner';

describe('DemoBanner', () => {
  it('says in the demo that everything is simulated, and cannot be put away', async () => {
    renderInTestApp(<DemoBanner />, { config: { demo: { enabled: true } } });

    const banner = await screen.findByRole('complementary', {
      name: 'About this demo',
    });
    expect(banner).toHaveTextContent(/Simulated.*Nothing leaves loopback/);
    expect(screen.queryByRole('button')).not.toBeInTheDocument();
  });

  it('leads to the simulated GitHub, whose address templates ask for', async () => {
    const github = 'http://127.0.0.1:4001';
    renderInTestApp(<DemoBanner />, {
      config: { demo: { enabled: true, github } },
    });

    expect(await screen.findByRole('link', { name: github })).toHaveAttribute(
      'href',
      github,
    );
  });

  it.each([
    ['is not mentioned', {}],
    ['is switched off', { demo: { enabled: false } }],
  ])('keeps silent where the demo %s', async (_name, config) => {
    renderInTestApp(
      <>
        <DemoBanner />
        <p>rendered</p>
      </>,
      { config },
    );

    await screen.findByText('rendered');
    expect(screen.queryByText(/Simulated/)).not.toBeInTheDocument();
  });
});
