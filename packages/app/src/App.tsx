import { createApp } from '@backstage/frontend-defaults';
import catalogPlugin from '@backstage/plugin-catalog/alpha';
import notificationsPlugin from '@backstage/plugin-notifications/alpha';
import scaffolderPlugin from '@backstage/plugin-scaffolder/alpha';
import signalsPlugin from '@backstage/plugin-signals/alpha';
import userSettingsPlugin from '@backstage/plugin-user-settings/alpha';
import deployPlugin from '@vvp/backstage-plugin-deploy';
import { demoModule } from './modules/demo';
import { navigationModule } from './modules/navigation';
import { signInModule } from './modules/signIn';

export default createApp({
  // The order is that of the cards on a service's overview: what runs where comes first.
  features: [
    deployPlugin,
    catalogPlugin,
    scaffolderPlugin,
    notificationsPlugin,
    signalsPlugin,
    userSettingsPlugin,
    demoModule,
    navigationModule,
    signInModule,
  ],
});
