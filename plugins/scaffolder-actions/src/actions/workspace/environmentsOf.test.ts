import { SHOP, specOf } from '../../generate/__testUtils__/generating';
import {
  describeEnvironments,
  environmentChange,
  environmentsOf,
} from './environmentsOf';

const more = (key: string) => `    ${key}:
      paths: [${key}/**]
      image: { dockerfile: Dockerfile }
      environments:
        production: { target: { type: azure-container-app, resourceGroup: Shop, name: ${key}, image: registry.example.test/${key} } }
`;
const CART = SHOP + more('cart');
const changed = (before: string, now: string) =>
  environmentChange(before, environmentsOf(specOf(now)));

describe('environments at GitHub', () => {
  it('are added for a service besides others', () => {
    const change = changed(CART, CART + more('stock'));

    expect(change).toEqual({ added: ['production-stock'], former: [] });
    expect(describeEnvironments(change)).toBe('');
  });

  it('get the name of the only service, once it is not the only one', () => {
    const change = changed(SHOP, CART);

    expect(change).toEqual({
      added: ['production-shop', 'production-cart'],
      former: ['production'],
    });
    expect(describeEnvironments(change)).toContain(
      'give `production-shop`, `production-cart` the protection, the variables and the secrets of `production`',
    );
  });

  it.each(['spec: {}', SHOP.replace(/services:[^]*/, 'services: {}\n')])(
    'are all new where none were before',
    before => {
      expect(changed(before, SHOP)).toEqual({
        added: ['production'],
        former: [],
      });
    },
  );
});
