/** What looks like a credential that is written out: by the name of a setting, or by its shape. */

/** Names of credentials, and words at their end that make them names of places or measures. The Guard rules have the same. */
const NAME = /passw|secret|token|api_?key|access_?key|private_?key|credential/i;
const PLACE =
  /(?:arn|name|id|path|file|dir|url|uri|endpoint|host|ttl|length|expiry|expiration|seconds|minutes|hours|days|count|limit|size|prefix|suffix|pattern|enabled|required|type|algorithm|version|region|table|topic|queue|bucket|role|issuer|audience|header|policy|provider|scope|store|manager|mode|field|column|stage|label|claim|cookie)$/i;
/** What is no credential: a reference, an address without a password, a path, a switch, a short number. */
const HARMLESS =
  /^(?:\{\{resolve:(?:secretsmanager|ssm-secure):|\$\{[^}]+\}$|arn:|https?:\/\/[^@]*$|\/|(?:true|false|none|null)$|[0-9]{0,6}$)/i;
const SHAPE = /(?:^|[^A-Z0-9])(?:AKIA|ASIA)[0-9A-Z]{16}(?:[^A-Z0-9]|$)|-----BEGIN [A-Z ]*PRIVATE KEY-----/;

/** Whether a setting of this name, with a text for its value, is a credential written out. */
export function isCredential(name: string, value: string): boolean {
  return hasShape(value) || (NAME.test(name) && !PLACE.test(name) && !HARMLESS.test(value));
}

/** Whether a text holds an access key or a private key. */
export function hasShape(text: string): boolean {
  return SHAPE.test(text);
}

/** `NAME=value` and `name: value` in a script or a file; the value begins with no sign of a reference. */
const SETTING = /(?:^|[\s;&|"'])-{0,2}([A-Za-z_][\w.-]*)["']?\s*[=:]\s*["']?([^\s"'$`{<;|&]+)/g;
/** `--name value`. */
const OPTION = /(?:^|\s)-{1,2}([A-Za-z_][\w.-]*)\s+["']?([^\s"'$`{<;|&-][^\s"'$`{<;|&]*)/g;

/** The name of a credential that a script writes out; `undefined` when there is none. */
export function credentialInScript(script: string): string | undefined {
  if (hasShape(script)) return 'a key';
  for (const line of script.split('\n')) {
    for (const [, name = '', value = ''] of [...line.matchAll(SETTING), ...line.matchAll(OPTION)]) {
      if (isCredential(name, value)) return `\`${name}\``;
    }
  }
  return undefined;
}
