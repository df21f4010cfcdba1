/** A little flow: a text comes in, an answer goes out, two ways on. */
export function FlowsArt() {
  return (
    <svg viewBox="0 0 240 132" aria-hidden className="w-60">
      <g fill="none" stroke="var(--track)" strokeWidth="2" strokeLinecap="round">
        <path d="M120 36v20" />
        <path d="M120 84v8a8 8 0 0 1-8 8H72a8 8 0 0 0-8 8v8" />
        <path d="M120 84v8a8 8 0 0 0 8 8h40a8 8 0 0 1 8 8v8" />
      </g>
      <g fill="var(--surface)" stroke="var(--line)" strokeWidth="1.5">
        <rect x="72" y="8" width="96" height="28" rx="8" />
        <rect x="72" y="56" width="96" height="28" rx="8" />
      </g>
      <rect x="79" y="15" width="14" height="14" rx="4" fill="var(--g-trigger-soft)" />
      <rect x="79" y="63" width="14" height="14" rx="4" fill="var(--g-message-soft)" />
      <circle cx="86" cy="22" r="3" fill="var(--g-trigger)" />
      <circle cx="86" cy="70" r="3" fill="var(--g-message)" />
      <g fill="var(--line)">
        <rect x="100" y="19" width="44" height="6" rx="3" />
        <rect x="100" y="67" width="56" height="6" rx="3" />
      </g>
      <circle cx="64" cy="120" r="8" fill="var(--live-soft)" />
      <path
        d="m60.500 120 2.500 2.500 4.500-5"
        fill="none"
        stroke="var(--live)"
        strokeWidth="2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <circle cx="176" cy="120" r="8" fill="var(--wait-soft)" />
      <path
        d="M176 116v4l2.500 2"
        fill="none"
        stroke="var(--wait)"
        strokeWidth="2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
