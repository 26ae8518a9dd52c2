// Tries: Asks for an answer of 20 kilobytes that are 20 megabytes once inflated.
// Must: RESPONSE_TOO_LARGE
// Run: deliver
// World: lab
// Sites: http://api.lab.example:PORT
// May: {"http":[{"host":{"configuration":"site"},"methods":["GET"]}]}
export default {
  async deliver({ configuration }) {
    await fetch(`${configuration.site}/bomb`);
    return { outcome: 'delivered' };
  },
};
