import type { WordClasses } from './word-pattern.ts';

/** The words of opting out by what they do in a sentence: the classes of the patterns in `opt-out-grammar.ts` and `opt-out-denials.ts`. */
export const optOutWords = {
  // Opt out in any sentence, beside others as well.
  COMMAND: 'stop|stopall|stop all|unsubscribe|un subscribe|optout|opt out|arret|unsub|unsubs|unsuscribe|unsubcribe',
  // Too common to, but beside those.
  WEAK: 'cancel|end|quit|revoke|remove|td',
  // Politeness, greetings, when and again, who it is and why: change nothing.
  ASIDE: [
    'please|pls|plz|kindly|thanks|thank you|thx|ty|now|right now|svp|stp|sil vous plait|sil te plait|merci|por favor|gracias|bitte|danke|obrigado',
    'hi|hello|hey|hey there|hi there|dear|sir|madam|maam|guys|sorry|excuse me|ok|okay|k|yes|yeah|yep|no|nope|nah|so|and|but|oh|ugh|omg|wtf|help|help me',
    'just|already|again|once again|immediately|asap|at once|forever|today|ever|anymore|any more|for good|right away',
    'i said|i say|i told you|i already said|i already told you|i texted|i typed|i asked|like i said|as i said',
    'wrong number|wrong person|you have the wrong number|you have the wrong person|you got the wrong number|this is the wrong number|this is a wrong number|new number|not me|not my number',
    'no thanks|no thank you|not interested|im not interested|i am not interested|i dont care|i dont want this|i dont want it|i dont want these|i do not want this|no more|enough|go away|leave me alone',
    'spam|this is spam|scam|this is a scam|annoying|this is annoying|who is this|whos this|who are you|who dis|i dont know you|i do not know you|what is this|how did you get my number|where did you get my number',
  ].join('|'),
  ASK: 'can you|could you|would you|will you|can u|you|u|i want you to|i need you to|id like you to|i would like you to|you need to|you have to|you must|you should|you better',
  // Said of oneself: of a text that is to stop, or of what one does.
  WILL: 'i want to|i would like to|id like to|i wish to|need to|must',
  BOTHER:
    'texting|txting|messaging|msging|contacting|sending|spamming|bothering|harassing|annoying|emailing|calling|pestering|bugging',
  // Between a verb and what is sent.
  WHICH:
    'fucking|fuckin|effing|freaking|damn|goddamn|bloody|constantly|always|all|even|just|ever|with|of|the|these|those|this|that|your|ur|any|my|future|further|more|such|stupid|annoying|spam|marketing|promotional|text|sms|daily|weekly|every|each',
  TEXTS:
    'texts?|txts?|messages?|msgs?|sms|mms|alerts?|updates?|notifications?|promos?|promotions?|promotional|ads?|offers?|emails?|mails?|spam|marketing|newsletters?|reminders?|campaigns?|crap|shit|bullshit|calls?',
  // Of these, what is cancelled or ended of a programme alone.
  PROGRAMME:
    'texts|txts|messages|msgs|sms|mms|alerts?|notifications?|updates|promos|promotions|promotional|ads|offers|newsletters?|marketing|reminders|emails',
  MEMBERSHIP: 'subscription|consent|opt in',
  MORE: 'anything|any more|anymore|more|these|those|such|spam|crap',
  LISTS:
    'lists?|mailing list|texts|messages|communications|sms|marketing|database|contacts|system|records|alerts|group|chat|thread|here|this|it',
  ME: 'me|us|this number|this phone|my number|my phone|my phone number|my name',
  IT: 'it|this|that|these|those|them|all of it|all of this|all of that|all of them|all of these|all of those|them all|it all|this all|these all|all this|all that|all these|all those|every one of them|everything|now',
  // What must stop, where that is asked for.
  SENDER: 'you|u|ya|yall|you all|you people|you guys|they|it|this|that|these|those|all|everything|nonsense|harassment',
  OUGHT: 'need|needs|has|have|must|got|gotta|better|should|ought',
  CONTACT: 'text|txt|message|msg|sms|contact|email|bother|spam|disturb',
  OUT: 'unsubscribe|unsubscribed|unsubscribing|optout|opt out|opting out|opted out',
  // May follow a verb that could as well be about something else.
  CLOSE:
    'me|us|to me|to this number|on this number|here|from you|from now on|please|pls|plz|now|right now|right away|asap|immediately|again|anymore|any more|ever|at all|already|today|thanks|thank you|thx|forever|you|guys',
  // Of these, what says for ever.
  AGAIN: 'again|anymore|any more|ever|ever again|at all|from now on|forever|please|pls|plz|thanks|thank you|thx',
  CLAUSE:
    'i|im|you|we|or|please|how|who|what|why|no|not|do|dont|nonsense|harassment|right now|immediately|asap|forever',
  // That only the time or the way is meant.
  WHEN: 'yet|enough|often|much|before|after|until|till|between|during|while|when|unless|if|about|back|so|late|early|tonight|tomorrow|on|in the|at work|at home|at night|at noon|at \\p{N}+\\p{L}*',
  THING:
    'you|u|this|it|that|these|those|them|all|of|the|your|ur|my|any|more|guys|people|texts?|messages?|msgs?|alerts?|updates?|notifications?|ads?|offers?|emails?|sms',
  DENY: 'do not|did not|does not|dont|didnt|doesnt|never|not|wont|will not|cant|cannot|can not|wouldnt|shouldnt',
  EVER: 'ever|never|really|actually|even|just|please|pls|you|u|to',
  NOW: 'still|now|already|also|maybe',
  WANT: 'want|wants|wanted|wanna|wish|like|need|ask|asked|asking|tell|told|telling|mean|meant|expect|plan|intend|try|going',
  // What a denial, a question or a condition reaches as well, before a `to`.
  OBLIGED:
    'needs|needed|have|has|had|having|got|supposed|allowed|required|obliged|obligated|forced|necessary|mandatory|compulsory|able|care|mind',
  NEEDNT: 'neednt|mustnt|shant|couldnt',
  HASNT: 'isnt|arent|aint|wasnt|werent|hasnt|havent|hadnt',
  NOBODY: 'nobody|no one|noone|none|nothing|hardly anyone|hardly anybody|who',
  NO_NEED: 'no need|no reason|no cause|no obligation|no requirement|unnecessary',
  THINK: 'think|believe|feel|say|said|mean|meant|suggest|suggested',
  ME_OR_THEM: 'me|us|him|her|for',
  WHOEVER:
    'i|we|you|u|he|she|they|it|this|that|these|those|anyone|anybody|someone|somebody|everyone|everybody|people|texts?|messages?',
  ASKS: 'do|does|did|dont|doesnt|didnt|will|wont|would|wouldnt|should|shall|might|may|if|when|whenever|whether|unless|until|till',
  HALT: 'stop|stop all|stopall|quit|cancel|end',
  SAY: 'say|said|mean|meant|type|typed|text|texted|send|sent|write|wrote',
} as const satisfies WordClasses;
