import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { GateChip } from '../components/gates/GateChip';
import { computedStyle, jsdomStyle } from './computedStyle';
import { sampleGate, sampleGates } from './evidenceSamples';
import { createDeployApi, renderWithDeployApi } from './renderWithDeployApi';

function saidOfAll(styleOf: typeof computedStyle) {
  return Array.from(document.querySelectorAll('*'), element => {
    const style = styleOf(element);
    return [
      element.outerHTML.slice(0, 80),
      style.display,
      style.visibility,
      style.pointerEvents,
      style.opacity,
      style.paddingRight,
      style.getPropertyValue('overflow-y'),
    ];
  });
}

it('says of a page with a dialog what jsdom says', async () => {
  renderWithDeployApi(
    <GateChip
      entityRef="component:default/vvp-verifier"
      environment="production"
      gates={sampleGates([sampleGate({ state: 'fail' })])}
      onWaived={() => undefined}
    />,
    { deployApi: createDeployApi() },
  );
  await userEvent.click(
    await screen.findByRole('button', { name: /show the gates/ }),
  );
  await userEvent.click(
    await screen.findByRole('button', { name: /^Waive the gate/ }),
  );
  await screen.findByRole('dialog', { name: /^Waive “/ });

  expect(saidOfAll(computedStyle)).toEqual(saidOfAll(jsdomStyle));
});

it('follows the style sheets and the elements of the page', () => {
  const sheet = document.createElement('style');
  sheet.textContent = `
    .list > .item, aside.item { display: flex; padding: 1px 2px }
    .veiled { visibility: hidden; pointer-events: none }
    .item .same { display: inherit }
    .shown { visibility: visible; opacity: 0.5 }
    .a\\:b { opacity: 0.1 }
    [data-veiled] { visibility: hidden }`;
  document.head.append(sheet);
  document.body.innerHTML = `
    <div class="list"><p class="item veiled"><b class="same">A</b>
    <i class="shown" style="overflow: hidden">B</i></p></div>
    <section hidden><input type="hidden"><i class="a:b">C</i></section>
    <table><tr hidden data-veiled><td>D</td></tr></table>`;
  const { display, visibility } = computedStyle(
    document.querySelector('.same')!,
  );
  expect({ display, visibility }).toEqual({
    display: 'flex',
    visibility: 'hidden',
  });
  expect(saidOfAll(computedStyle)).toEqual(saidOfAll(jsdomStyle));

  document.querySelector('p')!.className = 'shown';
  document.querySelector('section')!.hidden = false;
  sheet.textContent = '.shown { display: none }';
  expect(computedStyle(document.querySelector('p')!).display).toBe('none');
  expect(saidOfAll(computedStyle)).toEqual(saidOfAll(jsdomStyle));

  sheet.remove();
  expect(computedStyle(document.querySelector('p')!).display).toBe('block');
  expect(saidOfAll(computedStyle)).toEqual(saidOfAll(jsdomStyle));
});
