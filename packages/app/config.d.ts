export interface Config {
  /** The demo of `npm start`. */
  demo?: {
    /**
     * Says on every page that what is shown is simulated, and offers to enter as one of the demo's users.
     * @visibility frontend
     */
    enabled?: boolean;
    /**
     * Address of the simulated GitHub, which templates ask for.
     * @visibility frontend
     */
    github?: string;
  };
}
