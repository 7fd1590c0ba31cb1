async function main() {
  const { run } = await import('./server/run');
  run();
}
void main();
