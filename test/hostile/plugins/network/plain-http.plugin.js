// Tries: Sends in clear text over the public network.
// Must: EGRESS_BLOCKED
// Run: deliver
// World: strict
// Sites: http://93.184.216.34 http://[2606:4700::1111]
// May: {"http":[{"host":{"configuration":"site"},"pathPrefix":"/v1/","methods":["GET","POST"]}]}
export default {
  async deliver({ configuration }) {
    const response = await fetch(`${configuration.site}/v1/`);
    return { outcome: 'delivered', note: `got ${response.status}` };
  },
};
