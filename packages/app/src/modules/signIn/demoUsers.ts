/** Somebody one can enter as in the demo. */
export interface DemoUser {
  id: 'guest' | 'dana' | 'omar';
  title: string;
  text: string;
  /** The backend's auth provider that signs them in. */
  provider: 'guest' | 'demo';
}

/** Who there is. */
export const demoUsers: DemoUser[] = [
  {
    id: 'guest',
    title: 'Enter as guest',
    text: 'Look around; you own nothing.',
    provider: 'guest',
  },
  {
    id: 'dana',
    title: 'Dana Reyes — vvp-team',
    text: 'Owns the services of VVP.',
    provider: 'demo',
  },
  {
    id: 'omar',
    title: 'Omar Haddad — platform-team',
    text: 'Runs the platform and may see its inner workings.',
    provider: 'demo',
  },
];

const storageKey = 'demo-user';

/** Who entered in this window before it was loaded anew. */
export function rememberedUser(): DemoUser | undefined {
  const id = sessionStorage.getItem(storageKey);
  return demoUsers.find(user => user.id === id);
}

/** Keeps the choice until the window is closed or somebody signs out. */
export function rememberUser(user: DemoUser): void {
  sessionStorage.setItem(storageKey, user.id);
}

/** Lets the next load ask again. */
export function forgetUser(): void {
  sessionStorage.removeItem(storageKey);
}
