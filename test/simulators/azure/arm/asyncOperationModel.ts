import { Mapper, WireOperation } from '../model/captureOperations';
import { VendorModel } from '../model/VendorModel';

const text: Mapper = { type: { name: 'String' } };

/**
 * What Resource Manager's protocol says of the address in `Azure-AsyncOperation`. No SDK brings a model of
 * it: this one is written by hand after the protocol's description
 * (`azure-resource-manager-rpc`, "Asynchronous Operations").
 */
export function createAsyncOperationModel(): VendorModel {
  return new VendorModel(
    "Resource Manager's asynchronous operations (protocol, by hand)",
    [],
  );
}

export const statusOperation: WireOperation = {
  name: 'asyncOperation.status',
  method: 'GET',
  path: '',
  queryParameters: [],
  urlParameters: [],
  formParameters: [],
  models: {},
  responses: {
    200: {
      bodyMapper: {
        type: {
          name: 'Composite',
          className: 'AsyncOperation',
          modelProperties: {
            id: { ...text, serializedName: 'id' },
            name: { ...text, serializedName: 'name' },
            status: {
              serializedName: 'status',
              required: true,
              type: {
                name: 'Enum',
                allowedValues: [
                  'InProgress',
                  'Succeeded',
                  'Failed',
                  'Canceled',
                ],
              },
            },
            startTime: {
              serializedName: 'startTime',
              type: { name: 'DateTime' },
            },
            endTime: { serializedName: 'endTime', type: { name: 'DateTime' } },
            error: {
              serializedName: 'error',
              type: {
                name: 'Composite',
                className: 'AsyncOperationError',
                modelProperties: {
                  code: { ...text, serializedName: 'code', required: true },
                  message: {
                    ...text,
                    serializedName: 'message',
                    required: true,
                  },
                },
              },
            },
          },
        },
      },
    },
    default: { bodyMapper: { type: { name: 'any' } } },
  },
};
