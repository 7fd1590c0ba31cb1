export const title = 'Edenco';
