import { Check, Circle } from 'lucide-react';
import classes from './identity-frame.module.css';

const MIN_CHARS = 10;
const MAX_CHARS = 200;

/** Length is what counts; no rule about signs and digits (NIST SP 800-63B, section 3.1.1). */
export function passwordRules(password: string, email: string): { text: string; met: boolean }[] {
  const local = email.split('@')[0]?.toLowerCase() ?? '';
  const usesName = local.length >= 4 && password.toLowerCase().includes(local);
  return [
    { text: `At least ${MIN_CHARS} characters`, met: password.length >= MIN_CHARS && password.length <= MAX_CHARS },
    { text: 'Not your email address', met: password.length > 0 && !usesName },
  ];
}

export function PasswordRules({ password, email, id }: { password: string; email: string; id: string }) {
  return (
    <ul className={classes.rules} id={id} aria-label="Rules for the password">
      {passwordRules(password, email).map((rule) => (
        <li key={rule.text} data-met={rule.met}>
          {rule.met ? <Check size={14} aria-hidden="true" /> : <Circle size={14} aria-hidden="true" />}
          {rule.text}
          {rule.met && <span className="sr-only"> (met)</span>}
        </li>
      ))}
    </ul>
  );
}
