// Tries: Reaches loopback by a name of its own.
// Must: EGRESS_BLOCKED
// Run: deliver
// World: strict
// Sites: https://localhost https://loopback.lab.example https://db.internal
// May: {"http":[{"host":{"configuration":"site"},"pathPrefix":"/v1/","methods":["GET","POST"]}]}
export default {
  async deliver({ configuration }) {
    const response = await fetch(`${configuration.site}/v1/`);
    return { outcome: 'delivered', note: `got ${response.status}` };
  },
};
