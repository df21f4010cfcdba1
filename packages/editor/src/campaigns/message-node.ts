import { sendSms } from '@signalbox/nodes/library/message/send-sms';

/** The type of the step that a campaign's message is. */
export const messageType = sendSms.type;
