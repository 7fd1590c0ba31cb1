import { createContainerAppsModel } from '../containerApps/model';
import { VendorModel } from './VendorModel';

const APP =
  '/subscriptions/s/resourceGroups/VVP/providers/Microsoft.App/containerApps/vvp-issuer';

const query = new URLSearchParams({ 'api-version': '2025-07-01' });

let model: VendorModel;

beforeAll(async () => {
  model = await createContainerAppsModel();
});

function check(method: string, path: string) {
  const call = model.match(method, path);
  if (!call) {
    throw new Error(`${method} ${path} is not described.`);
  }
  return call;
}

describe('the model of container apps', () => {
  it.each([
    ['GET', APP, 'containerApps.get'],
    ['PATCH', APP, 'containerApps.update'],
    ['GET', APP.toUpperCase(), 'containerApps.get'],
    ['GET', `${APP}/revisions`, 'containerAppsRevisions.listRevisions'],
    [
      'POST',
      `${APP}/revisions/r1/activate`,
      'containerAppsRevisions.activateRevision',
    ],
  ])('knows %s %s', (method, path, name) => {
    expect(model.match(method, path)?.operation.name).toBe(name);
  });

  it.each([
    ['GET', `${APP}/none`],
    ['POST', `${APP}/revisions/r1`],
  ])('does not know %s %s', (method, path) => {
    expect(model.match(method, path)).toBeUndefined();
  });

  it.each([
    [
      'nothing wrong',
      { location: 'UK South', properties: { provisioningState: 'Succeeded' } },
      [],
    ],
    ['what is missing', { properties: {} }, ['body.location is missing']],
    [
      'what is not known',
      { location: 'UK South', colour: 1 },
      ['body.colour is not known'],
    ],
    [
      'what is not known inside',
      { location: 'UK South', properties: { x: 1 } },
      ['body.properties.x is not known'],
    ],
    ['a wrong type', { location: 7 }, ['body.location is not text']],
    [
      'a wrong type in a list',
      {
        location: 'UK South',
        properties: { template: { containers: [{ image: 7 }] } },
      },
      ['body.properties.template.containers[0].image is not text'],
    ],
    [
      'a state that the vendor does not list',
      { location: 'UK South', properties: { provisioningState: 'Done' } },
      [
        'body.properties.provisioningState is "Done", which is none of InProgress,Succeeded,Failed,Canceled,Deleting',
      ],
    ],
  ])('finds %s in an answer', (_, body, problems) => {
    expect(
      model.checkResponse(check('GET', APP), { status: 200, body }),
    ).toEqual(problems);
  });

  it.each([
    ['a status that is not described', { status: 299, body: {} }],
    ['an error of another shape', { status: 403, body: { message: 'No.' } }],
  ])('finds %s', (_, response) => {
    expect(model.checkResponse(check('GET', APP), response)).not.toEqual([]);
  });

  it.each([
    ['another version', new URLSearchParams({ 'api-version': '2020-01-01' })],
    ['no version', new URLSearchParams()],
    ['a query that is not known', new URLSearchParams([...query, ['x', '1']])],
  ])('finds %s in a request', (_, wrong) => {
    expect(model.checkRequest(check('GET', APP), { query: wrong })).not.toEqual(
      [],
    );
  });

  it('finds a body where none is described', () => {
    expect(
      model.checkRequest(check('POST', `${APP}/revisions/r1/activate`), {
        query,
        body: {},
      }),
    ).toEqual(['there is a body, which is not described']);
  });
});
