import { describe, expect, it, test } from 'vitest';
import { answersIn, complianceAnswers } from './compliance-answers.ts';
import { matchCompliance } from './compliance-words.ts';
import { countSegments } from './segments.ts';

/** Where no language's words hold but what holds everywhere. */
const anywhere = { country: 'AQ', language: 'en' };
const longBrand = 'Ångströms Örtbutik & Töchter, Apotheke am Nürnberger Ring 42';

/** What an answer says to reply with, by what it does: words in capitals that are read as one. */
const repliesOf = (answer: string) =>
  [...answer.matchAll(/\b[A-Z]{4,}\b/g)]
    .map(([word]) => matchCompliance(word, anywhere))
    .flatMap((match) => (match === null ? [] : [match.kind]))
    .sort();

describe.each([...complianceAnswers])('answers in %s', (_language, answers) => {
  it.each(['stop', 'start', 'help'] as const)('%s is one segment, with the longest brand', (kind) => {
    expect(longBrand).toHaveLength(60);
    expect(countSegments(`${longBrand}: ${answers[kind]}`)).toMatchObject({ encoding: 'GSM-7', segments: 1 });
  });

  it('a confirmed sign-up is one segment with names of 20 characters', () => {
    const answer = answers.confirmed.replace('{programme}', 'Neuigkeiten & Preise');
    expect(countSegments(`${longBrand.slice(0, 20)}: ${answer}`)).toMatchObject({ encoding: 'GSM-7', segments: 1 });
  });

  it('say what to reply, in words that are read as that everywhere', () => {
    expect(Object.fromEntries(Object.entries(answers).map(([kind, text]) => [kind, repliesOf(text)]))).toEqual({
      stop: ['start'],
      start: ['help', 'stop'],
      confirmed: ['help', 'stop'],
      help: ['stop'],
    });
  });
});

test('are those of the first language that has some, whatever its region', () => {
  expect(answersIn([null, 'de-AT'])).toBe(complianceAnswers.get('de'));
  expect(answersIn(['es', 'de'])).toBe(complianceAnswers.get('es'));
  expect(answersIn(['zh', 'PT-br'])).toBe(complianceAnswers.get('pt'));
  expect(answersIn(['zh', 'tlh'])).toBe(complianceAnswers.get('en'));
  expect([...complianceAnswers.keys()]).toEqual(expect.arrayContaining(['en', 'es', 'fr', 'de', 'pt', 'it', 'nl']));
});
