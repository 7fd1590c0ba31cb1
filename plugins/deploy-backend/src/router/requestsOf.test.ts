import { createValidatedOpenApiRouter } from '@backstage/backend-openapi-utils';
import express from 'express';
import request from 'supertest';
import { spec } from '../schema/openapi';
import { requestsOf } from './requestsOf';

type Spec = Parameters<typeof createValidatedOpenApiRouter>[0];

describe('requestsOf', () => {
  it('keeps the requests, and the schemas that they refer to by way of others', () => {
    const schema = (name: string) => ({ $ref: `#/components/schemas/${name}` });
    const document = {
      openapi: '3.1.0',
      paths: {
        '/things': {
          parameters: [{ $ref: '#/components/parameters/limit' }],
          post: {
            operationId: 'addThing',
            requestBody: {
              content: { 'application/json': { schema: schema('NewThing') } },
            },
            responses: { 201: { schema: schema('Thing') } },
          },
        },
      },
      components: {
        parameters: { limit: { schema: schema('Limit') } },
        schemas: {
          Limit: { type: 'integer' },
          NewThing: { properties: { part: schema('Part') } },
          Part: { properties: { of: schema('NewThing') } },
          Thing: { properties: { part: schema('Part'), more: schema('More') } },
          More: {},
        },
      },
    };

    const requests = requestsOf(document);

    expect(Object.keys(requests.components.schemas)).toEqual([
      'Limit',
      'NewThing',
      'Part',
    ]);
    expect(requests.components.parameters).toEqual(
      document.components.parameters,
    );
    expect(requests.paths['/things']).toEqual({
      ...document.paths['/things'],
      post: {
        ...document.paths['/things'].post,
        responses: { default: { description: 'Any' } },
      },
    });
  });

  it.each([
    ['the whole document', spec],
    ['its requests', requestsOf(spec)],
  ])('a validator takes %s', async (_, document) => {
    const app = express();
    app.use(
      createValidatedOpenApiRouter(
        document as unknown as Spec,
      ) as unknown as express.Router,
    );
    app.get('/services', (_request, response) => response.json({}));

    const { status } = await request(app).get('/services?limit=5');

    expect(status).toBe(200);
  });
});
