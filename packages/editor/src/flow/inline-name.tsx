import { useEffect, useRef, useState } from 'react';
import { useOpenFlow } from '../canvas/flow-context.tsx';
import { isComposing } from '../lib/keys.ts';
import { t } from '../lib/translate.ts';

/** The flow's name, changed in place: Enter keeps it, Escape gives up. */
export function InlineName({ name }: { readonly name: string }) {
  const { store } = useOpenFlow();
  const [text, setText] = useState(name);
  useEffect(() => setText(name), [name]);
  const givenUp = useRef(false);
  const keep = () => {
    const next = text.trim();
    if (givenUp.current || next === '' || next === name) setText(name);
    else store.getState().dispatch({ type: 'rename_flow', name: next }, { label: t('edit.renamed', { name: next }) });
  };
  return (
    <h1 className="min-w-0 text-lg">
      <input
        dir="auto"
        aria-label={t('flow.name')}
        value={text}
        maxLength={80}
        spellCheck={false}
        onChange={(event) => setText(event.target.value)}
        onBlur={keep}
        onFocus={(event) => {
          givenUp.current = false;
          event.target.select();
        }}
        onKeyDown={(event) => {
          if (isComposing(event.nativeEvent)) return;
          if (event.key === 'Enter') event.currentTarget.blur();
          if (event.key === 'Escape') {
            givenUp.current = true;
            event.currentTarget.blur();
          }
        }}
        className="field-sizing-content min-h-8 min-w-24 max-w-[min(22rem,44vw)] truncate rounded-md border border-transparent bg-transparent px-1.5 font-semibold tracking-[-0.011em] hover:border-line focus-visible:border-focus focus-visible:bg-raised focus-visible:outline-none"
      />
    </h1>
  );
}
