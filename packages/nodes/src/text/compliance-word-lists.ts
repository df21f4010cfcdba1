export type ComplianceKind = 'stop' | 'start' | 'help';

/** Words that opt out, ask for help or opt in, and where they do. Data, with where it is known from. */
export type ComplianceWordList = {
  readonly id: string;
  readonly name: string;
  readonly kind: ComplianceKind;
  /**
   * `command`: the word itself, politeness aside. `wording`: as people say it; somebody should look at the text after it was honoured. `yes`:
   * it agrees to what was asked, and takes back a STOP; where nobody asked it is no consent. `confirms`: it agrees to what was asked, and is an
   * ordinary word else, also for a keyword.
   */
  readonly means: 'command' | 'wording' | 'yes' | 'confirms';
  readonly words: readonly string[];
  /** The one language that the words are of, so that they are answered in it; null for words that people of every language text. */
  readonly language: string | null;
  /**
   * Where the words hold: for numbers of these countries (ISO 3166-1 alpha-2), and for those of every country where the workspace speaks
   * one of these languages. Everywhere without: words that are no everyday answer in any other language.
   */
  readonly where: { readonly countries: readonly string[]; readonly languages: readonly string[] } | null;
  /** The first day from which a rule or a carrier asks for the words, `YYYY-MM-DD`; null where they are the language's own. */
  readonly since: string | null;
  readonly source: string;
};

const own = (language: string): string => `${language}, as people write it`;
const spanish = [
  'AR',
  'BO',
  'CL',
  'CO',
  'CR',
  'CU',
  'DO',
  'EC',
  'ES',
  'GQ',
  'GT',
  'HN',
  'MX',
  'NI',
  'PA',
  'PE',
  'PR',
  'PY',
  'SV',
  'US',
  'UY',
  'VE',
];
const portuguese = ['AO', 'BR', 'CV', 'GW', 'MO', 'MZ', 'PT', 'ST', 'TL'];
const french = [
  'BE',
  'BF',
  'BJ',
  'BL',
  'CA',
  'CD',
  'CF',
  'CG',
  'CH',
  'CI',
  'CM',
  'DJ',
  'FR',
  'GA',
  'GF',
  'GN',
  'GP',
  'HT',
  'KM',
  'LU',
  'MC',
  'MF',
  'MG',
  'ML',
  'MQ',
  'NC',
  'NE',
  'PF',
  'PM',
  'RE',
  'SN',
  'TD',
  'TG',
  'WF',
  'YT',
];
const german = ['AT', 'BE', 'CH', 'DE', 'LI', 'LU'];
const italian = ['CH', 'IT', 'SM', 'VA'];
const dutch = ['AW', 'BE', 'BQ', 'CW', 'NL', 'SR', 'SX'];
const turkish = ['CY', 'TR'];
const nordic = ['DK', 'FI', 'FO', 'GL', 'NO', 'SE', 'SJ'];

/**
 * Not legal advice: what is known of rules, carriers and languages. What is an everyday word of another language holds only where it is not:
 * `RET` opts out in Turkey and is nothing elsewhere. Lists add up; none takes another's words away. ALTO, RED and HUY stand in none: they
 * answer questions, and one is a name. `TD` is Chinese for it (退订).
 */
export const complianceWordLists: readonly ComplianceWordList[] = [
  {
    id: 'fcc',
    name: 'FCC',
    kind: 'stop',
    means: 'command',
    words: ['STOP', 'QUIT', 'END', 'REVOKE', 'OPT OUT', 'CANCEL', 'UNSUBSCRIBE'],
    language: null,
    where: null,
    since: '2025-04-11',
    source: '47 CFR 64.1200(a)(10): reasonable per se in the USA; carriers act on them in every country',
  },
  {
    id: 'carriers-stop',
    name: 'Carriers',
    kind: 'stop',
    means: 'command',
    words: ['STOPALL', 'STOP ALL', 'OPTOUT', 'REMOVE'],
    language: null,
    where: null,
    since: null,
    source: 'CTIA Messaging Principles and Best Practices; keyword lists of Twilio, Telnyx and AWS',
  },
  {
    id: 'canada-stop',
    name: 'Canada',
    kind: 'stop',
    means: 'command',
    words: ['ARRET', 'ARRÊT'],
    language: 'fr',
    where: null,
    since: null,
    source: 'Canadian common short code rules: French beside English; AWS acts on it everywhere',
  },
  {
    id: 'china-stop',
    name: 'China',
    kind: 'stop',
    means: 'command',
    words: ['TD'],
    language: 'zh',
    where: null,
    since: null,
    source: 'Custom of Chinese carriers; AWS acts on it everywhere',
  },
  {
    id: 'carriers-help',
    name: 'Carriers',
    kind: 'help',
    means: 'command',
    words: ['HELP', 'INFO'],
    language: null,
    where: null,
    since: null,
    source: 'CTIA Messaging Principles and Best Practices',
  },
  {
    id: 'canada-help',
    name: 'Canada',
    kind: 'help',
    means: 'command',
    words: ['AIDE'],
    language: 'fr',
    where: null,
    since: null,
    source: 'Canadian common short code rules: French beside English',
  },
  {
    id: 'carriers-start',
    name: 'Carriers',
    kind: 'start',
    means: 'command',
    words: ['START', 'UNSTOP'],
    language: null,
    where: null,
    since: null,
    source: 'Keyword lists of Twilio and AWS; toll-free numbers of the USA know no others',
  },
  {
    id: 'carriers-yes',
    name: 'Carriers',
    kind: 'start',
    means: 'yes',
    words: ['YES'],
    language: null,
    where: null,
    since: null,
    source: 'Keyword list of Twilio; the answer to a double opt-in',
  },
  ...inLanguage('fr', 'French', french, {
    help: [],
    yes: ['OUI'],
    stop: 'arrete|arretez|arreter|arretez les sms|stop sms|stop pub|stop les sms|stop vos sms|stop ces sms|stop les messages|stop vos messages|stop ces messages|stop les textos|plus de sms|désabonnement|désabonner|se désabonner|me désabonner|désabonnez-moi|désinscription|désinscrire|se désinscrire|me désinscrire|désinscrivez-moi',
  }),
  ...inLanguage('es', 'Spanish', spanish, {
    help: ['AYUDA'],
    yes: ['SI', 'SÍ'],
    stop: 'darme de baja|dar de baja|dame de baja|darse de baja|deme de baja|cancelar suscripción|desuscribir|desuscribirme|no más mensajes',
    there: 'parar|baja|cancelar|salir|detener',
  }),
  ...inLanguage('pt', 'Portuguese', portuguese, {
    help: ['AJUDA'],
    yes: ['SIM'],
    stop: 'cancelar inscrição|cancelar assinatura|descadastrar|descadastre',
    there: 'sair|pare|parar|cancelar|remover',
  }),
  ...inLanguage('it', 'Italian', italian, {
    help: ['AIUTO'],
    yes: ['SI', 'SÌ'],
    stop: 'cancellami|cancellazione|disiscrivi|disiscrivimi|disiscrizione',
    there: 'cancella',
  }),
  ...inLanguage('de', 'German', german, {
    help: ['HILFE'],
    yes: ['JA'],
    stop: 'stoppen|abmelden|abmeldung|abbestellen|abbestellung|keine sms|keine sms mehr',
  }),
  ...inLanguage('nl', 'Dutch', dutch, {
    help: ['HULP'],
    yes: ['JA'],
    stop: 'afmelden|uitschrijven|uitschrijving|afmeld|stoppen',
  }),
  {
    id: 'nordic-help',
    name: 'Danish, Norwegian, Swedish and Finnish',
    kind: 'help',
    means: 'command',
    words: ['HJÆLP', 'HJELP', 'HJÄLP', 'APUA'],
    language: null,
    where: { countries: nordic, languages: ['da', 'nb', 'nn', 'no', 'sv', 'fi'] },
    since: null,
    source: own('Danish, Norwegian, Swedish and Finnish'),
  },
  {
    id: 'polish-help',
    name: 'Polish',
    kind: 'help',
    means: 'command',
    words: ['POMOC'],
    language: 'pl',
    where: { countries: ['PL'], languages: ['pl'] },
    since: null,
    source: own('Polish'),
  },
  ...spoken(
    'nordic',
    'Danish, Norwegian, Swedish and Finnish',
    'frameld|avmeld|avmelding|avslutt|avsluta|avregistrera|avprenumerera|lopeta',
  ),
  ...spoken(
    'central-europe',
    'Polish, Czech, Slovak, Hungarian, Romanian, Croatian, Serbian and Slovene',
    'wypisz|wypisz mnie|odhlásit|odhlásiť|leiratkozás|leiratkozom|dezabonare|dezabonează-mă|odjava|odjavi me',
  ),
  ...spoken('tr', 'Turkish', 'iptal|iptal et|abonelikten çık', 'tr'),
  {
    id: 'tr-there',
    name: 'Turkish',
    kind: 'stop',
    means: 'wording',
    words: ['ret'],
    language: 'tr',
    where: { countries: turkish, languages: ['tr'] },
    since: null,
    source: own('Turkish'),
  },
  ...spoken('el', 'Greek', 'στοπ|διαγραφή|απεγγραφή', 'el'),
  ...spoken(
    'cyrillic',
    'Russian, Ukrainian and Bulgarian',
    'стоп|отписаться|отписка|отпишите|отпишите меня|відписатися|відписка|отписване',
  ),
  ...spoken(
    'semitic',
    'Hebrew, Arabic and Persian',
    'הסר|הסרה|להסיר|הסר אותי|إلغاء|إلغاء الاشتراك|إيقاف|توقف|لغو|لغو11|لغو۱۱|لغو 11',
  ),
  ...spoken(
    'zh',
    'Chinese',
    '退订|退訂|退定|请退订|請退訂|我要退订|我要退訂|td退订|t退订|取消订阅|取消訂閱|拒收|停止发送|不要再发|不要再发了',
    'zh',
  ),
  ...spoken('ja-ko', 'Japanese and Korean', '配信停止|配信解除|購読解除|停止|ストップ|수신거부|수신 거부'),
  ...spoken('south-east-asia', 'Thai, Indonesian and Malay', 'ยกเลิก|berhenti|berhenti langganan|unreg'),
];

/** How a language opts out, wherever it is written. */
function spoken(
  id: string,
  name: string,
  words: string,
  language: string | null = null,
): readonly ComplianceWordList[] {
  return [
    {
      id,
      name,
      kind: 'stop',
      means: 'wording',
      words: words.split('|'),
      language,
      where: null,
      since: null,
      source: own(name),
    },
  ];
}

/** The words of a language: `stop` wherever they are written, the others where it is spoken. */
function inLanguage(
  language: string,
  name: string,
  countries: readonly string[],
  words: {
    readonly stop: string;
    /** Opt out as well, but only there: elsewhere they are everyday words. */
    readonly there?: string;
    readonly help: readonly string[];
    readonly yes: readonly string[];
  },
): readonly ComplianceWordList[] {
  const there = { name, language, where: { countries, languages: [language] }, since: null, source: own(name) };
  const { help, yes } = words;
  return [
    ...spoken(language, name, words.stop, language),
    ...(words.there === undefined
      ? []
      : [
          { ...there, id: `${language}-there`, kind: 'stop', means: 'wording', words: words.there.split('|') } as const,
        ]),
    ...(help.length === 0
      ? []
      : [{ ...there, id: `${language}-help`, kind: 'help', means: 'command', words: help } as const]),
    { ...there, id: `${language}-yes`, kind: 'start', means: 'confirms', words: yes },
  ];
}

/** Who texted whom, as far as it says which words hold. */
export type WordPlace = {
  /** Of the person's number, ISO 3166-1 alpha-2; null for one of no country. */
  readonly country: string | null;
  /** Of the workspace, BCP 47. */
  readonly language: string;
};

/** Whether words of a list hold for somebody; for whoever asks about no one, all of them do. */
export function holdsAt({ where }: ComplianceWordList, place: WordPlace | null): boolean {
  if (where === null || place === null) return true;
  const [language = ''] = place.language.toLowerCase().split('-');
  return where.languages.includes(language) || (place.country !== null && where.countries.includes(place.country));
}
