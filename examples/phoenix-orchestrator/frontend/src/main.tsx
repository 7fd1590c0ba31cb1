export const title = 'Phoenix';
