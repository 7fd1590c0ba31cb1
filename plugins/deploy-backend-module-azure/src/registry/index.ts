export { askForImages } from './askForImages';
