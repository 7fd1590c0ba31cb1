export { CloudSender } from './CloudSender';
export { readPlaces, withVersionUrls } from './deployYaml';
