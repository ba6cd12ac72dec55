/**
 * Names of Unicode properties as the Rust crate `regex-syntax` takes them (case, blanks, `-`, `_` and a leading `is` do
 * not count), turned into ECMAScript property escapes.
 * https://docs.rs/regex-syntax/0.8.2/regex_syntax/#syntax, https://www.unicode.org/reports/tr44/
 */

/** Short name, then the other spellings of each general category (Unicode Standard Annex 44, table 12). */
const GENERAL_CATEGORIES = [
  'L letter, LC casedletter, Lu uppercaseletter, Ll lowercaseletter, Lt titlecaseletter, Lm modifierletter,',
  'Lo otherletter, M mark combiningmark, Mn nonspacingmark, Mc spacingmark, Me enclosingmark, N number,',
  'Nd decimalnumber digit, Nl letternumber, No othernumber, P punctuation punct, Pc connectorpunctuation,',
  'Pd dashpunctuation, Ps openpunctuation, Pe closepunctuation, Pi initialpunctuation, Pf finalpunctuation,',
  'Po otherpunctuation, S symbol, Sm mathsymbol, Sc currencysymbol, Sk modifiersymbol, So othersymbol, Z separator,',
  'Zs spaceseparator, Zl lineseparator, Zp paragraphseparator, C other, Cc control cntrl, Cf format,',
  'Co privateuse, Cn unassigned',
].join(' ');

/** Binary properties that ECMAScript knows, with their short names (ECMA-262, table "Binary Unicode property aliases"). */
const BINARY_PROPERTIES = [
  'ASCII_Hex_Digit AHex, Alphabetic Alpha, Bidi_Control Bidi_C, Bidi_Mirrored Bidi_M, Case_Ignorable CI, Cased,',
  'Changes_When_Casefolded CWCF, Changes_When_Casemapped CWCM, Changes_When_Lowercased CWL,',
  'Changes_When_Titlecased CWT, Changes_When_Uppercased CWU, Dash, Default_Ignorable_Code_Point DI, Deprecated Dep,',
  'Diacritic Dia, Emoji, Emoji_Component EComp, Emoji_Modifier EMod, Emoji_Modifier_Base EBase,',
  'Emoji_Presentation EPres, Extended_Pictographic ExtPict, Extender Ext, Grapheme_Base Gr_Base,',
  'Grapheme_Extend Gr_Ext, Hex_Digit Hex, IDS_Binary_Operator IDSB, IDS_Trinary_Operator IDST, ID_Continue IDC,',
  'ID_Start IDS, Ideographic Ideo, Join_Control Join_C, Logical_Order_Exception LOE, Lowercase Lower, Math,',
  'Noncharacter_Code_Point NChar, Pattern_Syntax Pat_Syn, Pattern_White_Space Pat_WS, Quotation_Mark QMark, Radical,',
  'Regional_Indicator RI, Sentence_Terminal STerm, Soft_Dotted SD, Terminal_Punctuation Term, Unified_Ideograph UIdeo,',
  'Uppercase Upper, Variation_Selector VS, White_Space space, XID_Continue XIDC, XID_Start XIDS',
].join(' ');

/** Scripts whose name is not one capitalised word. Four-letter codes and the other scripts are tried as they stand. */
const SCRIPTS_OF_SEVERAL_WORDS = [
  'Anatolian_Hieroglyphs Canadian_Aboriginal Caucasian_Albanian Cypro_Minoan Dives_Akuru Egyptian_Hieroglyphs',
  'Gunjala_Gondi Hanifi_Rohingya Imperial_Aramaic Inscriptional_Pahlavi Inscriptional_Parthian Kayah_Li',
  'Khitan_Small_Script Linear_A Linear_B Masaram_Gondi Meetei_Mayek Mende_Kikakui Meroitic_Cursive',
  'Meroitic_Hieroglyphs Nag_Mundari New_Tai_Lue Nyiakeng_Puachue_Hmong Ol_Chiki Old_Hungarian Old_Italic',
  'Old_North_Arabian Old_Permic Old_Persian Old_Sogdian Old_South_Arabian Old_Turkic Old_Uyghur Pahawh_Hmong',
  'Pau_Cin_Hau Phags_Pa Psalter_Pahlavi SignWriting Sora_Sompeng Syloti_Nagri Tai_Le Tai_Tham Tai_Viet',
  'Zanabazar_Square',
].join(' ');

let categories: ReadonlyMap<string, string> | null = null;
let binaries: ReadonlyMap<string, string> | null = null;
let scripts: ReadonlyMap<string, string> | null = null;

/**
 * The ECMAScript escape body (`L`, `Script=Greek`, `White_Space`) for the text between `\p{` and `}`. `!=` means the
 * same as `=` (measured with cfn-guard 3.1.1). Null when there is no such property, or none that ECMAScript can express (`Age`, the segmentation
 * properties, the contributory properties `Other_...`, `Hyphen`, `Grapheme_Link`, `Prepended_Concatenation_Mark`).
 */
export function resolveProperty(body: string): string | null {
  const operator = /!=/.exec(body) ?? /:/.exec(body) ?? /=/.exec(body);
  if (operator === null) return resolveName(normalize(body));
  const name = normalize(body.slice(0, operator.index));
  const value = normalize(body.slice(operator.index + operator[0].length));
  return resolveValue(name, value);
}

function resolveName(name: string): string | null {
  binaries ??= readNames(BINARY_PROPERTIES);
  // These three are categories although they abbreviate a property's name too.
  const isCategory = name === 'cf' || name === 'sc' || name === 'lc';
  const binary = isCategory ? undefined : binaries.get(name);
  return binary ?? resolveCategory(name) ?? resolveScript(name, 'Script');
}

function resolveValue(name: string, value: string): string | null {
  switch (name) {
    case 'gc':
    case 'generalcategory':
      return resolveCategory(value);
    case 'sc':
    case 'script':
      return resolveScript(value, 'Script');
    case 'scx':
    case 'scriptextensions':
      return resolveScript(value, 'Script_Extensions');
    default:
      return null;
  }
}

function resolveCategory(name: string): string | null {
  if (name === 'any') return 'Any';
  if (name === 'assigned') return 'Assigned';
  if (name === 'ascii') return 'ASCII';
  categories ??= readNames(GENERAL_CATEGORIES);
  return categories.get(name) ?? null;
}

function resolveScript(name: string, property: string): string | null {
  if (!/^[a-z]+$/.test(name)) return null;
  scripts ??= new Map(SCRIPTS_OF_SEVERAL_WORDS.split(' ').map((script) => [normalize(script), script]));
  const script = scripts.get(name) ?? name.charAt(0).toUpperCase() + name.slice(1);
  const escape = `${property}=${script}`;
  try {
    new RegExp(`\\p{${escape}}`, 'u');
    return escape;
  } catch {
    return null;
  }
}

function readNames(list: string): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const entry of list.split(', ')) {
    const [canonical = '', ...aliases] = entry.split(' ');
    for (const alias of [canonical, ...aliases]) names.set(normalize(alias), canonical);
  }
  return names;
}

function normalize(name: string): string {
  // eslint-disable-next-line no-control-regex -- every character beyond ASCII is left out, as in the reference
  const kept = name.replace(/^is/i, '').replace(/[ _-]|[^\x00-\x7f]/g, '');
  const lower = kept.toLowerCase();
  return lower === 'c' && /^is/i.test(name) ? 'isc' : lower;
}
