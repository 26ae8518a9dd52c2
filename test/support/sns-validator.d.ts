/** The part of Amazon's library that tests use; it brings no types of its own. */
declare module 'sns-validator' {
  export default class MessageValidator {
    constructor(certificateHosts: RegExp, encoding: 'utf8');
    validate(message: object, done: (error: Error | null, message?: object) => void): void;
  }
}
