// Tries: Makes more requests, one after the other, than a call may.
// Must: REQUESTS_EXCEEDED
// Run: deliver
// World: lab
// Sites: http://api.lab.example:PORT
// May: {"http":[{"host":{"configuration":"site"},"methods":["GET"]}]}
export default {
  async deliver({ configuration }) {
    for (let i = 0; i < 60; i++) await fetch(`${configuration.site}/${i}`);
    return { outcome: 'delivered', note: 'made them all' };
  },
};
