import { check } from 'k6';
import http from 'k6/http';

export const options = { vus: 25, duration: '5m' };

/** The scenario "user-journey". */
export default function userJourney() {
  const response = http.get(`${__ENV.BASE_URL}/healthz`);
  check(response, { 'is well': ({ status }) => status === 200 });
}
