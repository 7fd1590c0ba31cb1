import { createTemplateFilter } from '@backstage/plugin-scaffolder-node/alpha';
import { serviceEntry } from '../actions/spec/serviceEntry';
import { readServiceForm } from './readServiceForm';

/**
 * The filter `deployService`: makes of what somebody filled in the keys that `deploy:service:add` takes.
 *
 * @public
 */
export const deployServiceFilter = createTemplateFilter({
  id: 'deployService',
  description:
    'Makes of the fields of a form (name, entity, kind, language, database, coverage, port, healthPath, resourceGroup and so on) what deploy.yaml says of a service',
  schema: z =>
    z.function().args(z.record(z.unknown())).returns(z.record(z.unknown())),
  examples: [
    {
      description: 'In a step',
      example: 'service: ${{ parameters | deployService }}',
    },
  ],
  filter: form => serviceEntry(readServiceForm(form)),
});
