export interface Config {
  /** The demo of `npm start`, which plays GitHub on this machine. */
  demo?: {
    /**
     * The demo's sign-in starts only where this is true. Never set it anywhere but on your own machine.
     *
     * @visibility frontend
     */
    enabled?: boolean;
  };

  permission?: {
    deploy?: {
      /**
       * Groups or users who may administer the deploy plugin; default: `group:default/platform-team`.
       *
       * @visibility backend
       */
      administrators?: string[];

      /**
       * Groups or users who may approve promotions of services that they do not own; default: none.
       *
       * @visibility backend
       */
      approvers?: string[];
    };
  };
}
