/**
 * Generates and checks the CI/CD pipelines of services, as actions of the scaffolder and for programs.
 *
 * @packageDocumentation
 */
export * from './actions';
export * from './generate';
export * from './import';
export * from './lint';
export {
  scaffolderModuleDeploy,
  scaffolderModuleDeploy as default,
} from './module';
