/** Which texts an automatic answer is for; of those that fit a text, the first in this order answers it. */
export const answerWhens = ['closed', 'first', 'missed', 'any'] as const;
export type AnswerWhen = (typeof answerWhens)[number];
