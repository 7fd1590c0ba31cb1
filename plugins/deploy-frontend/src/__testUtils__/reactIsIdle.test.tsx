import Button from '@material-ui/core/Button';
import { act, render, screen } from '@testing-library/react';
import { useEffect, useState } from 'react';

/** Longer than React works on before it lets others do something. */
const BUSY_MS = 20;

function Late() {
  const [isThere, setThere] = useState(false);
  useEffect(() => {
    Promise.resolve().then(() => setThere(true));
  }, []);
  return isThere ? (
    <>
      <Button>Late</Button>
      <BusyMachine />
    </>
  ) : null;
}

function BusyMachine() {
  useEffect(() => {
    const end = performance.now() + BUSY_MS;
    while (performance.now() < end);
  }, []);
  return null;
}

describe('what a test looks for', () => {
  it('is found when it is ready to be used, on a busy machine, too', async () => {
    render(<Late />);
    const button = await screen.findByRole('button', { name: 'Late' });

    // Material-UI breaks if the button does not have its ripple by now.
    act(() => button.focus());

    expect(button).toHaveFocus();
    expect(button).toBeInTheDocument();
  });
});
