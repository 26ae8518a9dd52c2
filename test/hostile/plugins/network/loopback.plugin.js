// Tries: Reaches loopback, in every spelling of its address.
// Must: EGRESS_BLOCKED
// Run: deliver
// World: strict
// Sites: https://127.0.0.1 https://127.1 https://2130706433 https://0x7f000001 https://0x7f.1 https://0177.0.0.1 https://127.0.0.1. https://0 https://0.0.0.0 https://[::1] https://[::] https://[0:0:0:0:0:0:0:1] https://１２７.０.０.１ https://127.255.255.254
// May: {"http":[{"host":{"configuration":"site"},"pathPrefix":"/v1/","methods":["GET","POST"]}]}
export default {
  async deliver({ configuration }) {
    const response = await fetch(`${configuration.site}/v1/`);
    return { outcome: 'delivered', note: `got ${response.status}` };
  },
};
