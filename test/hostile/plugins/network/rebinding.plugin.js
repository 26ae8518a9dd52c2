// Tries: Has its name resolve to a good address first and to the metadata service afterwards.
// Must: EGRESS_BLOCKED
// Run: deliver
// World: lab
// Sites: http://rebind.lab.example:PORT
// May: {"http":[{"host":{"configuration":"site"},"pathPrefix":"/v1/","methods":["GET","POST"]}]}
export default {
  async deliver({ configuration }) {
    for (let i = 0; i < 3; i++) await fetch(`${configuration.site}/v1/`);
    return { outcome: 'delivered' };
  },
};
