export { ImageTools } from './ImageTools';
export type { ImageState, ToolsState } from './ImageTools';
