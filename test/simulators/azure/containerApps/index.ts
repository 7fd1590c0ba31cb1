import { subscriptionId } from '../AzureSimulator';
import type { ArmProviderFactory } from '../AzureSimulator';
import { ContainerAppsProvider } from './ContainerAppsProvider';
import { ContainerAppStore } from './ContainerAppStore';
import { Timings } from './types';

export { ContainerAppStore } from './ContainerAppStore';
export type { NewApp, NewRevision } from './ContainerAppStore';
export type { Defect, Timings } from './types';

/** The container apps of a simulator: the state to look at and to set, and the provider to start it with. */
export function createContainerApps(timings: Partial<Timings> = {}): {
  store: ContainerAppStore;
  provider: ArmProviderFactory;
} {
  const store = new ContainerAppStore(subscriptionId, {
    updateMs: 0,
    readyMs: 0,
    ...timings,
  });
  return {
    store,
    provider: context => ContainerAppsProvider.create(context, store),
  };
}
