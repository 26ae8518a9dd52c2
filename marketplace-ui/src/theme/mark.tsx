interface MarkProps {
  /** Edge length in CSS pixels. */
  size?: number;
}

/** The mark: a jack socket with a cable leaving it. Takes the colour of the text around it. */
export function Mark({ size = 20 }: MarkProps) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.75"
      strokeLinecap="round"
      aria-hidden="true"
    >
      <circle cx="6.25" cy="6.25" r="4.875" />
      <path d="M6.25 6.25v3.6c0 3 1.7 4.65 4.4 4.65h3.85" />
    </svg>
  );
}
