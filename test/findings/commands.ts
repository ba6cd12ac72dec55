/** Workflow commands, read as GitHub's runner reads them: a line that starts with `::`, properties, `::`, message. */

/** One command. */
export interface Command {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

/** Every command in a log. */
export function parseCommands(log: string): Command[] {
  return log
    .split(/\r\n|\r|\n/)
    .map((line) => line.trimStart())
    .filter((line) => line.startsWith('::') && line.includes('::', 2))
    .map((line) => {
      const end = line.indexOf('::', 2);
      const info = line.slice(2, end);
      const space = info.indexOf(' ');
      const pairs = space < 0 ? [] : info.slice(space + 1).split(',');
      return {
        name: space < 0 ? info : info.slice(0, space),
        properties: Object.fromEntries(
          pairs.map((pair) => {
            const equals = pair.indexOf('=');
            return [pair.slice(0, equals), decode(pair.slice(equals + 1))];
          }),
        ),
        message: decode(line.slice(end + 2)),
      };
    });
}

function decode(text: string): string {
  return text
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',')
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n')
    .replaceAll('%25', '%');
}
