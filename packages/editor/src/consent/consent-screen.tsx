import { t } from '../lib/translate.ts';
import { ScreenTitle, TopBar } from '../ui/top-bar.tsx';
import { ProgrammeSection } from './programme-section.tsx';
import { SuppressionSection } from './suppression-section.tsx';

/** Whom nobody texts, and what people sign up for with the words that they are shown. */
export function ConsentScreen() {
  return (
    <>
      <TopBar title={<ScreenTitle>{t('consents.title')}</ScreenTitle>} pageTitle={t('consents.title')} />
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto flex max-w-3xl flex-col gap-5 px-4 py-5 md:px-8 md:py-7">
          <SuppressionSection />
          <ProgrammeSection />
        </div>
      </div>
    </>
  );
}
