import { ComputeManagementClient } from 'azure-arm-compute-mappers';
import {
  captureOperations,
  Mapper,
  MapperClient,
  WireOperation,
} from '../model/captureOperations';
import { VendorModel } from '../model/VendorModel';

/** The API version that the SDK of the target sends. */
export const API_VERSION = '2026-03-01';

/**
 * What the SDK says of the wire. Its newer versions describe nothing that can be read at run time, so that
 * the last one with descriptions serves; the operations used here are the same in both.
 */
export async function createComputeModel(): Promise<VendorModel> {
  const client = new ComputeManagementClient(
    { getToken: async () => null },
    'subscription',
  );
  const operations = await captureOperations(client as unknown as MapperClient);
  return new VendorModel(
    '@azure/arm-compute 23.3.0 operations and mappers',
    operations.map(withApiVersion),
  );
}

function withApiVersion(operation: WireOperation): WireOperation {
  return {
    ...operation,
    queryParameters: operation.queryParameters.map(parameter =>
      parameter.mapper.serializedName === 'api-version'
        ? { ...parameter, mapper: versionOf(parameter.mapper) }
        : parameter,
    ),
  };
}

function versionOf(mapper: Mapper): Mapper {
  return { ...mapper, isConstant: true, defaultValue: API_VERSION };
}
