import { PassThrough } from 'node:stream';
import { mockServices } from '@backstage/backend-test-utils';
import { InputError } from '@backstage/errors';
import { Request } from 'express';
import { waitFor } from '../../__testUtils__/waitFor';
import { recordingAuditor } from '../auth/__testUtils__/recordingAuditor';
import { ReportReceiver, ReportReceiverOptions } from './ReportReceiver';

jest.setTimeout(240_000);

const ENTITY = 'component:default/issuer';

function report(): Request {
  return Object.assign(new PassThrough(), {
    query: { entityRef: ENTITY, commit: 'a'.repeat(40) },
    get: () => undefined,
    method: 'POST',
    baseUrl: '/api/deploy',
    path: '/evidence',
  }) as unknown as Request;
}

/** Whose reports are read by the test. */
function receiver(parse: ReportReceiverOptions['parse']) {
  return new ReportReceiver({
    targets: {
      find: async () => ({
        service: { id: 'issuer', entityRef: ENTITY, repository: 'o/r' },
        trust: {},
        layout: {},
      }),
    } as never,
    authenticator: {
      authenticate: async () => ({
        provenance: { kind: 'service', subject: 'ci' },
      }),
    },
    parse,
    store: {} as never,
    auditor: recordingAuditor(),
    logger: mockServices.logger.mock(),
    onEvidence: () => {},
  });
}

describe('reports', () => {
  it('are read four at a time, and the others when one of them is', async () => {
    const reading: (() => void)[] = [];
    let begun = 0;
    const subject = receiver(async () => {
      begun += 1;
      await new Promise<void>(resolve => {
        reading.push(resolve);
      });
      throw new InputError('It is no report.');
    });

    const received = Promise.allSettled(
      Array.from({ length: 6 }, () => subject.receive(report())),
    );
    await waitFor(() => begun >= 4);
    const atOnce = begun;
    reading.shift()!();
    await waitFor(() => begun >= 5);
    const then = begun;
    while (begun < 6 || reading.length > 0) {
      reading.shift()?.();
      await new Promise(resolve => setImmediate(resolve));
    }

    expect([atOnce, then]).toEqual([4, 5]);
    expect((await received).map(({ status }) => status)).toEqual(
      Array(6).fill('rejected'),
    );
  });
});
