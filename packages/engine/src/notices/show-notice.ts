import { formatMessage } from '@signalbox/nodes/text/format-message';
import { shown } from '../http/ids.ts';
import { noticeTexts } from '../http/texts.ts';
import { noticeKinds } from './catalogue.gen.ts';
import type { Notice } from './contract.ts';
import { type NoticeText, type Severity, severities } from './define-notice.ts';
import type { NoticeRow } from './store.ts';

const byKind = new Map(noticeKinds.map((kind) => [kind.kind, kind]));

/** What people read of a notice. One that another build raised, and that this one does not know, is shown all the same. */
export function noticeText({ kind, subject, detail }: Pick<NoticeRow, 'kind' | 'subject' | 'detail'>): NoticeText {
  return (
    byKind.get(kind)?.show(subject, detail) ?? {
      title: formatMessage(noticeTexts.unknown, { kind }),
      action: noticeTexts.unknownAction,
      remedy: null,
    }
  );
}

function severityOf(stored: string): Severity {
  return severities.find((each) => each === stored) ?? 'warning';
}

/** A notice as the API shows it. */
export function showNotice(row: NoticeRow): Notice {
  return {
    id: shown('notice', row.id),
    kind: row.kind,
    subject: row.subject,
    severity: severityOf(row.severity),
    ...noticeText(row),
    raised_at: row.raised_at.toISOString(),
    resolved_at: row.resolved_at?.toISOString() ?? null,
    read_at: row.read_at?.toISOString() ?? null,
    mailed_at: row.mailed_at?.toISOString() ?? null,
  };
}
