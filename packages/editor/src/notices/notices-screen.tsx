import { t } from '../lib/translate.ts';
import { ScreenTitle, TopBar } from '../ui/top-bar.tsx';
import { NoticeMails } from './notice-mails.tsx';
import { NoticeSection } from './notice-section.tsx';

/** Every notice, with what goes on before what is over, and whom they are mailed to. */
export function NoticesScreen() {
  return (
    <>
      <TopBar title={<ScreenTitle>{t('notices.title')}</ScreenTitle>} pageTitle={t('notices.title')} />
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto flex max-w-3xl flex-col gap-5 px-4 py-5 md:px-8 md:py-7">
          <NoticeSection state="open" title={t('notices.open')} none={t('notices.open.none')} />
          <NoticeMails />
          <NoticeSection state="past" title={t('notices.past')} none={t('notices.past.none')} />
        </div>
      </div>
    </>
  );
}
