/** What confirms a STOP, a START, an answered double opt-in (`{programme}`), and what answers HELP. */
export type ComplianceAnswers = Readonly<Record<'stop' | 'start' | 'confirmed' | 'help', string>>;

/**
 * By language; the brand goes before each. CTIA: brand, what happened, how to undo it; help names how to stop. With a brand of 60 characters
 * each is one segment of GSM-7, hence wordings without `á` or `ê`. The words to reply with hold everywhere, also with carriers that act by
 * themselves: those of a language do not, and a keyword may take its word for help.
 */
const byLanguage = {
  en: {
    stop: 'You are unsubscribed and will get no more messages. Reply START to subscribe again.',
    start: 'You are subscribed again. Reply HELP for help, STOP to unsubscribe. Msg&data rates may apply.',
    confirmed: 'You are subscribed to {programme}. Reply HELP for help, STOP to unsubscribe. Msg&data rates may apply.',
    help: 'Reply STOP to unsubscribe. Msg&data rates may apply.',
  },
  es: {
    stop: 'Hemos anotado tu baja: ya no te enviaremos mensajes. Responde START para volver.',
    start: 'Recibes de nuevo nuestros mensajes. HELP: ayuda. STOP: baja. Pueden aplicarse tarifas.',
    confirmed: 'Te has suscrito a {programme}. HELP: ayuda. STOP: baja. Pueden aplicarse tarifas.',
    help: 'Responde STOP para darte de baja. Pueden aplicarse tarifas.',
  },
  fr: {
    stop: 'Désinscription prise en compte : vous ne recevrez plus nos messages. START pour revenir.',
    start: 'Vous recevez à nouveau nos messages. HELP : aide. STOP : fin. Frais SMS possibles.',
    confirmed: 'Inscription à {programme} confirmée. HELP : aide. STOP : fin. Frais SMS possibles.',
    help: 'Répondez STOP pour ne plus recevoir nos messages. Frais SMS possibles.',
  },
  de: {
    stop: 'Sie sind abgemeldet und bekommen keine Nachrichten mehr. START meldet Sie wieder an.',
    start: 'Sie sind wieder angemeldet. HELP: Hilfe. STOP: abmelden. Evtl. fallen SMS-Gebühren an.',
    confirmed: 'Sie sind für {programme} angemeldet. HELP: Hilfe. STOP: abmelden. Evtl. fallen SMS-Gebühren an.',
    help: 'Mit STOP melden Sie sich ab. Evtl. fallen SMS-Gebühren an.',
  },
  pt: {
    stop: 'Cadastro cancelado: nossas mensagens param agora. Responda START para voltar.',
    start: 'Voltamos a enviar mensagens. HELP: ajuda. STOP: cancelar. Pode haver tarifas.',
    confirmed: 'Cadastro confirmado: {programme}. HELP: ajuda. STOP: cancelar. Pode haver tarifas.',
    help: 'Responda STOP para cancelar as mensagens. Pode haver tarifas.',
  },
  it: {
    stop: 'Iscrizione annullata: non riceverai altri messaggi. Rispondi START per riattivarla.',
    start: 'Ricevi di nuovo i nostri messaggi. HELP: aiuto. STOP: annulla. Possibili costi SMS.',
    confirmed: 'Iscrizione a {programme} confermata. HELP: aiuto. STOP: annulla. Possibili costi SMS.',
    help: 'Rispondi STOP per non ricevere altri messaggi. Possibili costi SMS.',
  },
  nl: {
    stop: 'U bent afgemeld en krijgt geen berichten meer. Antwoord START om terug te komen.',
    start: 'U bent weer aangemeld. HELP: hulp. STOP: afmelden. Er kunnen sms-kosten zijn.',
    confirmed: 'U bent aangemeld voor {programme}. HELP: hulp. STOP: afmelden. Er kunnen sms-kosten zijn.',
    help: 'Antwoord STOP om u af te melden. Er kunnen sms-kosten zijn.',
  },
} as const satisfies Readonly<Record<string, ComplianceAnswers>>;

/** The answers of each language that has some. */
export const complianceAnswers: ReadonlyMap<string, ComplianceAnswers> = new Map(Object.entries(byLanguage));

/** The answers of the first language that has some; English where none has. Languages are BCP 47. */
export function answersIn(languages: readonly (string | null)[]): ComplianceAnswers {
  for (const language of languages) {
    const found = complianceAnswers.get(language?.toLowerCase().split('-')[0] ?? '');
    if (found !== undefined) return found;
  }
  return byLanguage.en;
}
