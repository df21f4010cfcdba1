import { describe, expect, it } from 'vitest';
import { complianceWords, isComplianceWord, matchCompliance } from './compliance-words.ts';

const exactStops = [
  'STOP',
  'stop',
  ' Stop. ',
  'STOP!!!',
  '"stop"',
  'st\u200bop',
  'ＳＴＯＰ',
  'STOPALL',
  'stop all',
  'STOP-ALL',
  'Unsubscribe',
  'cancel',
  'END',
  'quit',
  'revoke',
  'optout',
  'opt out',
  'Opt-Out',
  'OPT  OUT',
  'please stop',
  'STOP please',
  'stop pls',
  'Stop, thanks',
  'stop now',
  'Please, cancel.',
  // Pictures, symbols and marks beside the word.
  'STOP 🛑',
  'Stop 😡',
  'STOP 🙏',
  '<STOP>',
  '=STOP',
  'STOP~',
  'STOP+',
  'S̶T̶O̶P̶',
  'STOP\u0000',
  // Marks of direction, as right-to-left keyboards and copying leave them, and the place of a picture.
  '\u200fSTOP',
  '\u200eSTOP',
  'STOP\u200e',
  '\u202aSTOP\u202c',
  '\u2068STOP\u2069',
  'STOP\u061c',
  'STOP\ufffc',
  '\ufffcSTOP',
  // Other languages and carriers.
  'ARRET',
  'ARRÊT',
  'arrêt.',
  'REMOVE',
];
const fuzzyStops = [
  'stop texting me',
  'Please stop texting me!',
  'STOP SENDING ME THESE',
  'stop sending messages',
  'quit messaging me',
  'stop the texts',
  'cancel my alerts',
  'unsubscribe me',
  'please unsubscribe me from this list',
  'opt me out',
  'remove me from your list',
  'take me off this list',
  'i want to unsubscribe',
  'I want you to stop texting me',
  'no more texts',
  "don't text me again",
  'do not contact me',
  'leave me alone',
  'STOP. Wrong number',
  'stop, who is this?',
  'stop it',
  'Stop stop stop',
  'how do I unsubscribe',
  'revoke my consent',
  "I don't want any more messages",
  'Wrong number. STOP',
  'Wrong number - stop',
  'Wrong number STOP',
  'No thanks. STOP',
  'Not interested. Stop texting me',
  'Who is this? STOP',
  'Who is this 😡 stop',
  'I said STOP',
  'you did not stop texting me. STOP',
  'Stop 2 end',
  'stop to end',
  'STOP2',
  'STOP2END',
  'STOPP',
  'Reply STOP',
  'stop marketing',
  'stop with the texts',
  'arrêtez',
];
const otherTexts = [
  "don't stop",
  'do not stop',
  'Please don’t stop texting me',
  'STOP 12345',
  'never stop',
  "can't stop laughing",
  'non-stop',
  'the bus stop',
  'stop by the store',
  "I'll stop by later",
  'when does the sale end',
  'cancel my appointment',
  'end of the day',
  'the end',
  'quit my job today',
  'I need help with my order',
  'start tomorrow',
  'yes please',
  'please start',
  'information',
  '',
  '?',
  '👍',
  'no',
  'stopwatch',
  'startup',
  'I do not want to stop getting these',
  "I don't want to unsubscribe",
  'you do not stop',
  'it went non-STOP',
  'meet me at the bus STOP',
  'Please do not STOP',
  'At the next stop, turn left',
  'Tuesday. Cancel',
  'That is the end.',
  'arrêt de bus',
  'stop 2',
];

describe('compliance words', () => {
  for (const text of exactStops) {
    it(`${JSON.stringify(text)} opts out`, () =>
      expect(matchCompliance(text)).toMatchObject({ kind: 'stop', exact: true }));
  }
  for (const text of fuzzyStops) {
    it(`${JSON.stringify(text)} opts out, to be looked at`, () => {
      expect(matchCompliance(text)).toEqual({ kind: 'stop', exact: false, word: 'STOP' });
    });
  }
  for (const text of otherTexts) {
    it(`${JSON.stringify(text)} is about something else`, () => expect(matchCompliance(text)).toBeNull());
  }

  it('names the word', () => {
    expect(matchCompliance('opt-out')).toEqual({ kind: 'stop', exact: true, word: 'OPT OUT' });
    expect(matchCompliance('Help!')).toEqual({ kind: 'help', exact: true, word: 'HELP' });
    expect(matchCompliance('info please')).toEqual({ kind: 'help', exact: true, word: 'INFO' });
    expect(matchCompliance('Aide')).toEqual({ kind: 'help', exact: true, word: 'AIDE' });
    expect(matchCompliance('help ❓')).toEqual({ kind: 'help', exact: true, word: 'HELP' });
    expect(matchCompliance('start')).toEqual({ kind: 'start', exact: true, word: 'START' });
    expect(matchCompliance('UNSTOP')).toEqual({ kind: 'start', exact: true, word: 'UNSTOP' });
    expect(matchCompliance('Yes.')).toEqual({ kind: 'start', exact: true, word: 'YES' });
  });

  it('no listed word may be a keyword, others may', () => {
    expect(Object.values(complianceWords).flat().every(isComplianceWord)).toBe(true);
    expect(['opt-out', 'Yes!', 'Stop', 'arret', 'arrêt', 'aide'].every(isComplianceWord)).toBe(true);
    expect(['join', 'stopwatch', 'ending'].some(isComplianceWord)).toBe(false);
  });

  it('answers quickly for any length', () => {
    expect(matchCompliance('please '.repeat(5_000))).toBeNull();
    expect(matchCompliance("don't ".repeat(5_000))).toBeNull();
  });
});
