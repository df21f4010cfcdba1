import { formatMessage } from '@signalbox/nodes/text/format-message';
import { noticeTexts } from '../http/texts.ts';
import type { NoticeText } from './define-notice.ts';

/** What a mail says that is sent to see whether mails arrive. */
export function testMailText(
  workspace: string,
  publicUrl: string,
): { readonly subject: string; readonly text: string } {
  return {
    subject: formatMessage(noticeTexts.testSubject, { workspace }).replace(/\s+/g, ' '),
    text: `${formatMessage(noticeTexts.testText, { workspace, link: `${publicUrl}/settings/notices` })}\n`,
  };
}

/** What a mail about notices of a workspace says, the first of them in its subject. */
export function mailText(
  workspace: string,
  publicUrl: string,
  notices: readonly NoticeText[],
): { readonly subject: string; readonly text: string } {
  const [first] = notices;
  const about =
    notices.length === 1 && first !== undefined
      ? first.title
      : formatMessage(noticeTexts.mailSeveral, { count: notices.length });
  const parts = notices.map(({ title, action, remedy }) =>
    [`${title}.`, action, ...(remedy === null ? [] : [`${remedy.label}: ${publicUrl}${remedy.path}`])].join('\n'),
  );
  const why = formatMessage(noticeTexts.mailWhy, { workspace, link: `${publicUrl}/settings/notices` });
  return {
    // A line break in a name is none in a subject.
    subject: formatMessage(noticeTexts.mailSubject, { workspace, about }).replace(/\s+/g, ' '),
    text: `${[...parts, why].join('\n\n')}\n`,
  };
}
