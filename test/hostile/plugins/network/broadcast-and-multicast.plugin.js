// Tries: Reaches everybody at once.
// Must: EGRESS_BLOCKED
// Run: deliver
// World: strict
// Sites: https://255.255.255.255 https://224.0.0.1 https://239.255.255.250 https://[ff02::1]
// May: {"http":[{"host":{"configuration":"site"},"pathPrefix":"/v1/","methods":["GET","POST"]}]}
export default {
  async deliver({ configuration }) {
    const response = await fetch(`${configuration.site}/v1/`);
    return { outcome: 'delivered', note: `got ${response.status}` };
  },
};
