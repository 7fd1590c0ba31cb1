import { personText } from './people';

it.each([
  ['automatic', 'the portal itself'],
  ['user:default/omar', 'omar'],
  ['user:default/o/m', 'o/m'],
  ['guests', 'guests'],
  ['github:octo-admin', 'octo-admin (at GitHub)'],
  ['github:octo_corp', 'octo_corp (at GitHub)'],
  ['github:deploy-portal[bot]', 'deploy-portal (GitHub App)'],
  ['deploy-portal[bot]', 'deploy-portal (GitHub App)'],
  ['github-actions[bot]', 'GitHub Actions'],
  ['github:unknown', 'somebody at GitHub'],
  ['service:plugin:scaffolder', 'the plugin scaffolder'],
  ['service:external:nightly', 'the service nightly'],
  ['service:nightly', 'the service nightly'],
])('calls %s %s', (by, text) => {
  expect(personText(by)).toBe(text);
});
