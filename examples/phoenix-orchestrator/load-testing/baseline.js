// Stand-in for the load test of the scenario "baseline".
export const users = 10;
