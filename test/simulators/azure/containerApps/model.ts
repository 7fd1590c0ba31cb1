import {
  ContainerAppsAPIClient,
  KnownActiveRevisionsMode,
  KnownContainerAppContainerRunningState,
  KnownContainerAppProvisioningState,
  KnownContainerAppReplicaRunningState,
  KnownContainerAppRunningStatus,
  KnownRevisionHealthState,
  KnownRevisionProvisioningState,
  KnownRevisionRunningState,
} from '@azure/arm-appcontainers';
import { captureOperations, MapperClient } from '../model/captureOperations';
import { VendorModel } from '../model/VendorModel';

/** What the SDK says of the wire: the same version that the target runs on, with the same API version. */
export async function createContainerAppsModel(): Promise<VendorModel> {
  const client = new ContainerAppsAPIClient(
    { getToken: async () => null },
    'subscription',
  );
  return new VendorModel(
    '@azure/arm-appcontainers 3.0.0 operations and mappers',
    await captureOperations(client as unknown as MapperClient),
    {
      'ContainerApp.provisioningState': Object.values(
        KnownContainerAppProvisioningState,
      ),
      'ContainerApp.runningStatus': Object.values(
        KnownContainerAppRunningStatus,
      ),
      'Configuration.activeRevisionsMode': Object.values(
        KnownActiveRevisionsMode,
      ),
      'Revision.healthState': Object.values(KnownRevisionHealthState),
      'Revision.provisioningState': Object.values(
        KnownRevisionProvisioningState,
      ),
      'Revision.runningState': Object.values(KnownRevisionRunningState),
      'Replica.runningState': Object.values(
        KnownContainerAppReplicaRunningState,
      ),
      'ReplicaContainer.runningState': Object.values(
        KnownContainerAppContainerRunningState,
      ),
    },
  );
}

/** The API version that the SDK sends. */
export const API_VERSION = '2025-07-01';
