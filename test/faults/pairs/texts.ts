/** What the conversation flow and the account say, and where an enrollment goes, for the outcomes of pairs. */
export const question = 'Want tips, there? Reply YES';
export const good = 'Tips are on.';
export const bye = 'No tips then.';
export const confirmation = 'Test: You are unsubscribed and will get no more messages. Reply START to subscribe again.';
export const help = 'Test: Reply STOP to unsubscribe. Msg&data rates may apply.';

const toCheck = ['start next', 'record next'] as const;
export const toAsk = [...toCheck, 'check yes'] as const;
export const toWait = [...toAsk, 'ask sent'] as const;
export const replied = [...toWait, 'wait replied', 'meaning yes', 'good sent'] as const;
export const timedOut = [...toWait, 'wait timeout', 'bye sent'] as const;

export const finished = 'finished -';
export const optedOut = 'stopped opted_out';
export const flowStopped = 'stopped flow_stopped';
