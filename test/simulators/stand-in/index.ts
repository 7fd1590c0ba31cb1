export { StandInServer, type StandInAnswer } from './StandInServer';
