import { wordsOf } from './opt-out-text.ts';

/**
 * How other languages opt out, as carriers' instructions there say it and as people write it back. Each may be an ordinary answer or part
 * of one (`cancelar mi cita`), and so counts as the whole text alone. ALTO and RED are not among them, nor HUY: they answer questions,
 * and one is a name.
 */
const elsewhere = [
  // French
  'arrete|arretez|arreter|arretez les sms|stop sms|stop pub|stop les sms|stop vos sms|stop ces sms|stop les messages|stop vos messages|stop ces messages|stop les textos|plus de sms',
  'désabonnement|désabonner|se désabonner|me désabonner|désabonnez-moi|désinscription|désinscrire|se désinscrire|me désinscrire|désinscrivez-moi',
  // Spanish
  'parar|baja|darme de baja|dar de baja|dame de baja|darse de baja|deme de baja|cancelar|cancelar suscripción|salir|detener|desuscribir|desuscribirme|no más mensajes',
  // Portuguese
  'sair|pare|cancelar inscrição|cancelar assinatura|descadastrar|descadastre|remover',
  // Italian
  'cancella|cancellami|cancellazione|disiscrivi|disiscrivimi|disiscrizione',
  // German
  'stoppen|abmelden|abmeldung|abbestellen|abbestellung|keine sms|keine sms mehr',
  // Dutch, Danish, Norwegian, Swedish, Finnish
  'afmelden|uitschrijven|uitschrijving|afmeld|frameld|avmeld|avmelding|avslutt|avsluta|avregistrera|avprenumerera|lopeta',
  // Polish, Czech and Slovak, Hungarian, Romanian, Croatian, Serbian and Slovene
  'wypisz|wypisz mnie|odhlásit|odhlásiť|leiratkozás|leiratkozom|dezabonare|dezabonează-mă|odjava|odjavi me',
  // Turkish, Greek
  'ret|iptal|iptal et|abonelikten çık|στοπ|διαγραφή|απεγγραφή',
  // Russian, Ukrainian, Bulgarian
  'стоп|отписаться|отписка|отпишите|отпишите меня|відписатися|відписка|отписване',
  // Hebrew, Arabic, Persian
  'הסר|הסרה|להסיר|הסר אותי|إلغاء|إلغاء الاشتراك|إيقاف|توقف|لغو|لغو11|لغو۱۱|لغو 11',
  // Chinese
  '退订|退訂|退定|请退订|請退訂|我要退订|我要退訂|td退订|t退订|取消订阅|取消訂閱|拒收|停止发送|不要再发|不要再发了',
  // Japanese, Korean
  '配信停止|配信解除|購読解除|停止|ストップ|수신거부|수신 거부',
  // Thai, Indonesian and Malay
  'ยกเลิก|berhenti|berhenti langganan|unreg',
];

const politeness =
  'svp|por favor|per favore|grazie|aub|alsjeblieft|alstublieft|tack|takk|tak|пожалуйста|спасибо|lütfen|谢谢|謝謝|请|請|من فضلك|בבקשה|お願いします';

const spelled = (list: string): string => list.split('|').map(wordsOf).join('|');

/** The words as classes of patterns, spelled as the words of a text are. */
export const wordsElsewhere = { ELSEWHERE: elsewhere.map(spelled).join('|'), POLITE: spelled(politeness) };
