// Tries: Reaches the networks behind the host.
// Must: EGRESS_BLOCKED
// Run: deliver
// World: strict
// Sites: https://10.0.0.1 https://172.16.0.1 https://172.31.255.255 https://192.168.0.1 https://100.64.0.1 https://192.0.0.1 https://198.18.0.1 https://[fc00::1] https://[fd12:3456::1] https://[fec0::1]
// May: {"http":[{"host":{"configuration":"site"},"pathPrefix":"/v1/","methods":["GET","POST"]}]}
export default {
  async deliver({ configuration }) {
    const response = await fetch(`${configuration.site}/v1/`);
    return { outcome: 'delivered', note: `got ${response.status}` };
  },
};
