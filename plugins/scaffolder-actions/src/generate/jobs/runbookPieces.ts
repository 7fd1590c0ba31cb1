/** Commands below a heading. */
export function section(title: string, commands: readonly string[]): string {
  return `### ${title}\n\n\`\`\`sh\n${commands.join('\n')}\n\`\`\``;
}
